"""Totals as a document stores them: the one way they get onto a header and its lines (FT-1, FT-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from documents.models import DocumentHeader, DocumentLine
from documents.totals import (
    CategoryTotals,
    DocumentTotals,
    LineInput,
    compute_totals,
    line_amounts,
    replace_line,
)
from tenancy.rows import row_update

TOTAL_FIELDS = ("subtotal", "tax_amount", "total", "tax_breakdown", "line_count")
LINE_TOTAL_FIELDS = ("discount_amount", "net_amount", "tax_amount", "gross_amount")


def breakdown_to_json(categories: Iterable[CategoryTotals]) -> list[dict[str, Any]]:
    """Return the VAT breakdown as the header stores it, amounts as strings."""
    return [
        {
            "category": c.category,
            "rate": str(c.rate.normalize() if c.rate else Decimal(0)),
            "lines_net": str(c.lines_net),
            "allowance": str(c.allowance),
            "taxable": str(c.taxable),
            "tax": str(c.tax),
            "line_count": c.line_count,
        }
        for c in categories
    ]


def breakdown_from_json(rows: Sequence[Mapping[str, Any]]) -> list[CategoryTotals]:
    """Return the categories of a stored breakdown."""
    return [
        CategoryTotals(
            row["category"],
            Decimal(row["rate"]),
            Decimal(row["lines_net"]),
            Decimal(row["allowance"]),
            Decimal(row["taxable"]),
            Decimal(row["tax"]),
            int(row["line_count"]),
        )
        for row in rows
    ]


def line_input(line: DocumentLine) -> LineInput:
    """Return what the arithmetic needs of a stored line."""
    return LineInput(
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
    )


def apply_header(document: DocumentHeader, totals: DocumentTotals, line_count: int) -> None:
    """Put computed totals on the header; the caller saves TOTAL_FIELDS."""
    document.subtotal = totals.subtotal
    document.tax_amount = totals.tax_amount
    document.total = totals.total
    document.tax_breakdown = breakdown_to_json(totals.categories)
    document.line_count = line_count


def apply_totals(document: DocumentHeader, lines: Sequence[DocumentLine]) -> list[DocumentLine]:
    """Compute everything of a document from its lines; returns the lines whose stored amounts changed."""
    totals = compute_totals(
        [line_input(line) for line in lines],
        currency=document.currency,
        document_discount=document.document_discount,
        prices_include_tax=document.prices_include_tax,
    )
    apply_header(document, totals, len(lines))
    changed = []
    for line, amounts in zip(lines, totals.lines, strict=True):
        stored = (line.discount_amount, line.net_amount, line.tax_amount, line.gross_amount)
        fresh = (amounts.discount, amounts.net, amounts.tax, amounts.gross)
        if stored != fresh:
            (line.discount_amount, line.net_amount, line.tax_amount, line.gross_amount) = fresh
            changed.append(line)
    return changed


def _as_change(line: DocumentLine | None) -> tuple[str, Decimal, Decimal] | None:
    return None if line is None else (line.tax_category, line.tax_rate, line.net_amount)


def apply_line_change(
    document: DocumentHeader, *, removed: DocumentLine | None, added: DocumentLine | None
) -> None:
    """Update the stored totals for one line gone, come or changed (PS-2): no other line is read.

    The new line's own VAT is the rounded VAT of the line until posting writes the exact split. Documents whose prices
    include VAT are recomputed as a whole by the caller instead.
    """
    currency = document.currency
    if added is not None:
        discount, net = line_amounts(line_input(added), currency)
        tax = compute_totals([line_input(added)], currency=currency).tax_amount
        added.discount_amount, added.net_amount = discount, net
        added.tax_amount, added.gross_amount = tax, net + tax
    totals = replace_line(
        breakdown_from_json(document.tax_breakdown),
        removed=_as_change(removed),
        added=_as_change(added),
        currency=currency,
        document_discount=document.document_discount,
    )
    apply_header(
        document, totals, document.line_count + (added is not None) - (removed is not None)
    )


def calculate_and_save_totals(document: DocumentHeader, lines: Sequence[DocumentLine]) -> None:
    """Recompute and store all totals of a draft and its lines (FT-1)."""
    changed = apply_totals(document, lines)
    if changed:
        type(changed[0]).objects.bulk_update(changed, LINE_TOTAL_FIELDS)
    row_update(document, (*TOTAL_FIELDS, "updated_at"))


def validate_totals(document: DocumentHeader, lines: Sequence[DocumentLine]) -> list[str]:
    """Return the names of stored totals that differ from a recomputation (FT-3); empty when all agree."""
    totals = compute_totals(
        [line_input(line) for line in lines],
        currency=document.currency,
        document_discount=document.document_discount,
        prices_include_tax=document.prices_include_tax,
    )
    wrong = [
        name
        for name, value in (
            ("subtotal", totals.subtotal),
            ("tax_amount", totals.tax_amount),
            ("total", totals.total),
            ("tax_breakdown", breakdown_to_json(totals.categories)),
            ("line_count", len(lines)),
        )
        if name != "tax_breakdown" and getattr(document, name) != value
    ]
    stored = {
        (c.category, c.rate): (c.taxable, c.tax)
        for c in breakdown_from_json(document.tax_breakdown)
    }
    fresh = {(c.category, c.rate): (c.taxable, c.tax) for c in totals.categories}
    if stored != fresh:
        wrong.append("tax_breakdown")
    return wrong


def stored_or_computed(
    document: DocumentHeader, lines: Sequence[DocumentLine]
) -> tuple[Decimal, Decimal, Decimal]:
    """Return (subtotal, tax, total): the stored ones, or computed where a document has none (FT-2)."""
    if (
        document.total is not None
        and document.subtotal is not None
        and document.tax_amount is not None
    ):
        return document.subtotal, document.tax_amount, document.total
    totals = compute_totals(
        [line_input(line) for line in lines],
        currency=document.currency,
        document_discount=document.document_discount,
        prices_include_tax=document.prices_include_tax,
    )
    return totals.subtotal, totals.tax_amount, totals.total
