"""Prepayments a customer has paid and not used yet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from ar.models import Invoice, InvoiceKind, PrepaymentUse
from ar.selectors.crediting import credited_sums, prepayment_used
from core.money import ZERO
from documents.lifecycle import Status


@dataclass(frozen=True, slots=True)
class Prepayment:
    """A prepayment invoice and what of it is paid, neither credited nor used."""

    invoice: Invoice
    available: Decimal


def available_of(prepayment: Invoice) -> Decimal:
    """Return what of a prepayment invoice is paid, not credited and not used. In its currency."""
    credited = credited_sums(prepayment.pk).total
    free = prepayment.allocated_amount - credited - prepayment_used(prepayment.pk)
    return max(free, ZERO)


def prepayments_of(customer_id: uuid.UUID, *, currency: str) -> list[Prepayment]:
    """Return the customer's prepayments that can be used, the oldest first."""
    rows = Invoice.objects.filter(
        customer_id=customer_id,
        kind=InvoiceKind.PREPAYMENT,
        currency=currency,
        status__in=[Status.PARTIALLY_PAID, Status.PAID],
    ).order_by("issue_date", "number")
    found = [Prepayment(row, available_of(row)) for row in rows[:50]]
    return [one for one in found if one.available > 0]


def uses_on(invoice_id: uuid.UUID) -> list[PrepaymentUse]:
    """Return the prepayments used on an invoice, undone ones included."""
    rows = PrepaymentUse.objects.filter(invoice_id=invoice_id).select_related("prepayment")
    return list(rows.order_by("created_at"))
