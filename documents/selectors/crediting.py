"""What a posted document is about, and what credits took back of it already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic

from django.db.models import Q, Sum

from core.money import ZERO
from documents.crediting import CategoryCredited, Credited, LineCredited, Sold, SoldLine
from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from documents.registry import DocumentType, LineT
from documents.stored import breakdown_from_json, line_input
from documents.totals import CategoryKey, line_amounts


@dataclass(frozen=True, slots=True)
class Crediting:
    """Which kind takes back which, and the columns that say so: `source_field` of the credit, `line_field` of its lines."""

    source: DocumentType[Any, Any]
    credit: DocumentType[Any, Any]
    source_field: str
    line_field: str


@dataclass(frozen=True, slots=True)
class CreditedSums:
    """What the posted credits of a document amount to, in its currency and in base currency."""

    total: Decimal = ZERO
    tax: Decimal = ZERO
    base_total: Decimal = ZERO
    base_tax: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CreditableLine(Generic[LineT]):
    """A line on the page that chooses what is credited: the line, and what of it is left."""

    line: LineT
    quantity_left: Decimal
    amount_left: Decimal


def sold_of(document: DocumentHeader, lines: Sequence[DocumentLine]) -> Sold:
    """Return the document as the arithmetic of credits takes it."""
    return Sold(
        currency=document.currency,
        prices_include_tax=document.prices_include_tax,
        lines=tuple(
            SoldLine(
                id=line.pk,
                quantity=line.quantity,
                unit_price=line.unit_price,
                priced=line_amounts(line_input(line), document.currency)[1],
                tax_category=line.tax_category,
                tax_rate=line.tax_rate,
            )
            for line in lines
        ),
        categories=tuple(breakdown_from_json(document.tax_breakdown)),
    )


def _credits(how: Crediting, document_id: uuid.UUID) -> Any:
    named = {how.source_field: document_id}
    return how.credit.header.objects.filter(**named).exclude(status=Status.DRAFT)


def credited_of(how: Crediting, document_id: uuid.UUID) -> Credited:
    """Return what earlier credits took back, by line and by VAT category. Two statements, one where there is no credit."""
    breakdowns = list(_credits(how, document_id).values_list("tax_breakdown", flat=True))
    if not breakdowns:
        return Credited(lines={}, categories={})
    rows = (
        how.credit.line.objects.filter(
            document_id__in=_credits(how, document_id).values("pk"),
            **{f"{how.line_field}__isnull": False},
        )
        .order_by()
        .values(how.line_field)
        .annotate(
            goods=Sum("quantity", filter=Q(price_only=False), default=ZERO),
            priced=Sum("priced_amount"),
        )
    )
    categories: dict[CategoryKey, CategoryCredited] = {}
    for breakdown in breakdowns:
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
        lines={row[how.line_field]: LineCredited(row["goods"], row["priced"]) for row in rows},
        categories=categories,
    )


def credited_sums(how: Crediting, document_id: uuid.UUID) -> CreditedSums:
    """Return the sums of the posted credits of a document."""
    sums = _credits(how, document_id).aggregate(
        total=Sum("total", default=ZERO),
        tax=Sum("tax_amount", default=ZERO),
        base_total=Sum("base_total", default=ZERO),
        base_tax=Sum("base_tax_amount", default=ZERO),
    )
    return CreditedSums(**sums)


def creditable_lines(how: Crediting, document: DocumentHeader) -> list[CreditableLine[Any]]:
    """Return every line of the document with what can still be credited of it."""
    lines = list(how.source.line.objects.filter(document_id=document.pk).order_by("position"))
    credited = credited_of(how, document.pk)
    rows = []
    for line, sold in zip(lines, sold_of(document, lines).lines, strict=True):
        before = credited.lines.get(line.pk, LineCredited())
        rows.append(
            CreditableLine(line, sold.quantity - before.quantity, sold.priced - before.priced)
        )
    return rows
