"""What of an invoice was sold, and what credit notes took back of it already."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db.models import Sum

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.models import Invoice, InvoiceLine, PrepaymentUse
from core.money import ZERO
from documents.crediting import Credited
from documents.selectors import crediting
from documents.selectors.crediting import CreditedSums, Crediting, sold_of

__all__ = [
    "INVOICE_CREDITS",
    "CreditableLine",
    "CreditedSums",
    "creditable_lines",
    "credited_of",
    "credited_sums",
    "prepayment_used",
    "sold_of",
]

INVOICE_CREDITS = Crediting(
    source=INVOICE, credit=CREDIT_NOTE, source_field="invoice_id", line_field="invoice_line_id"
)
CreditableLine = crediting.CreditableLine[InvoiceLine]


def credited_of(invoice_id: uuid.UUID) -> Credited:
    """Return what earlier credit notes took back, by line and by VAT category. Two statements."""
    return crediting.credited_of(INVOICE_CREDITS, invoice_id)


def credited_sums(invoice_id: uuid.UUID) -> CreditedSums:
    """Return the sums of the posted credit notes of an invoice."""
    return crediting.credited_sums(INVOICE_CREDITS, invoice_id)


def creditable_lines(invoice: Invoice) -> list[CreditableLine]:
    """Return every line of the invoice with what can still be credited of it."""
    return crediting.creditable_lines(INVOICE_CREDITS, invoice)


def prepayment_used(prepayment_id: uuid.UUID) -> Decimal:
    """Return how much of a prepayment invoice is used on final invoices."""
    used: Decimal = PrepaymentUse.objects.filter(
        prepayment_id=prepayment_id, status=PrepaymentUse.Status.POSTED
    ).aggregate(used=Sum("amount", default=ZERO))["used"]
    return used
