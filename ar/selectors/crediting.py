"""What of an invoice was sold, and what credit notes took back of it already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from ar.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, PrepaymentUse
from core.money import ZERO
from documents.crediting import (
    CategoryCredited,
    Credited,
    LineCredited,
    Sold,
    SoldLine,
)
from documents.lifecycle import Status
from documents.stored import breakdown_from_json, line_input
from documents.totals import CategoryKey, line_amounts


@dataclass(frozen=True, slots=True)
class CreditedSums:
    """What the posted credit notes of an invoice amount to, in its currency and in base currency."""

    total: Decimal = ZERO
    tax: Decimal = ZERO
    base_total: Decimal = ZERO
    base_tax: Decimal = ZERO


def sold_of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Sold:
    """Return the invoice as the arithmetic of credit notes takes it."""
    return Sold(
        currency=invoice.currency,
        prices_include_tax=invoice.prices_include_tax,
        lines=tuple(
            SoldLine(
                id=line.pk,
                quantity=line.quantity,
                unit_price=line.unit_price,
                priced=line_amounts(line_input(line), invoice.currency)[1],
                tax_category=line.tax_category,
                tax_rate=line.tax_rate,
            )
            for line in lines
        ),
        categories=tuple(breakdown_from_json(invoice.tax_breakdown)),
    )


def _notes(invoice_id: uuid.UUID) -> Any:
    return CreditNote.objects.filter(invoice_id=invoice_id).exclude(status=Status.DRAFT)


def credited_of(invoice_id: uuid.UUID) -> Credited:
    """Return what earlier credit notes took back, by line and by VAT category. Two statements."""
    rows = (
        CreditNoteLine.objects.filter(
            document_id__in=_notes(invoice_id).values("pk"), invoice_line__isnull=False
        )
        .values("invoice_line_id")
        .annotate(
            goods=Sum("quantity", filter=Q(price_only=False), default=ZERO),
            priced=Sum("priced_amount"),
        )
    )
    categories: dict[CategoryKey, CategoryCredited] = {}
    for breakdown in _notes(invoice_id).values_list("tax_breakdown", flat=True):
        for part in breakdown_from_json(breakdown):
            key = (part.category, part.rate)
            before = categories.get(key, CategoryCredited())
            categories[key] = CategoryCredited(
                before.lines_net + part.lines_net,
                before.allowance + part.allowance,
                before.taxable + part.taxable,
                before.tax + part.tax,
            )
    return Credited(
        lines={row["invoice_line_id"]: LineCredited(row["goods"], row["priced"]) for row in rows},
        categories=categories,
    )


def credited_sums(invoice_id: uuid.UUID) -> CreditedSums:
    """Return the sums of the posted credit notes of an invoice."""
    sums = _notes(invoice_id).aggregate(
        total=Sum("total", default=ZERO),
        tax=Sum("tax_amount", default=ZERO),
        base_total=Sum("base_total", default=ZERO),
        base_tax=Sum("base_tax_amount", default=ZERO),
    )
    return CreditedSums(**sums)


def prepayment_used(prepayment_id: uuid.UUID) -> Decimal:
    """Return how much of a prepayment invoice is used on final invoices."""
    used: Decimal = PrepaymentUse.objects.filter(
        prepayment_id=prepayment_id, status=PrepaymentUse.Status.POSTED
    ).aggregate(used=Sum("amount", default=ZERO))["used"]
    return used


@dataclass(frozen=True, slots=True)
class CreditableLine:
    """A line on the page that chooses what is credited: what was sold, and what of it is left."""

    line: InvoiceLine
    quantity_left: Decimal
    amount_left: Decimal


def creditable_lines(invoice: Invoice) -> list[CreditableLine]:
    """Return every line of the invoice with what can still be credited of it."""
    lines = list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))
    credited = credited_of(invoice.pk)
    rows = []
    for line, sold in zip(lines, sold_of(invoice, lines).lines, strict=True):
        before = credited.lines.get(line.pk, LineCredited())
        rows.append(
            CreditableLine(line, sold.quantity - before.quantity, sold.priced - before.priced)
        )
    return rows
