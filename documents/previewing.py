"""From what is typed in the editor to the document as it will print. No database: everything is in the payload (IF-1).

The editor sends the other party's printed block along with the lines, so a preview costs arithmetic and a template.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from core.errors import N_, DomainError
from core.inputs import parse_date, parse_decimal
from documents.print_parties import party_of
from documents.printing import (
    DocumentFigures,
    LineFigures,
    PrintDocument,
    format_document,
)
from documents.totals import DocumentTotals, LineTotals
from documents.typed import Collected, TypedLine, preview_lines
from documents.typed_header import parse_currency
from documents.vat_reasons import tax_figures

LANGUAGES = ("both", "en", "ar")
LONGEST_TEXT = 2000

#: Where the code will stand: it holds the moment of posting, so a draft has none yet.
QR_PLACE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 90'%3E"
    "%3Crect x='9' y='9' width='72' height='72' rx='3' fill='none' stroke='%23bbb' stroke-dasharray='3 3'/%3E"
    "%3Ctext x='45' y='50' font-family='sans-serif' font-size='13' fill='%23aaa' text-anchor='middle'%3EQR%3C/text%3E"
    "%3C/svg%3E"
)


@dataclass(frozen=True, slots=True)
class Previewed:
    """The sheet, the amounts of each typed line (None: not computable), and everything that is wrong."""

    document: PrintDocument
    totals: DocumentTotals
    lines: tuple[LineTotals | None, ...]
    errors: tuple[DomainError, ...]
    currency: str


def printed_text(value: Any, maximum: int = LONGEST_TEXT) -> str:
    """Return typed text for the sheet; refusing what cannot be printed is the line check's job."""
    return value[:maximum] if isinstance(value, str) else ""


def _half_read(
    raw: Any, position: int, typed: TypedLine | None, totals: LineTotals | None
) -> LineFigures:
    """Return the figures of a line; of one that cannot be read only its words."""
    if typed is not None and totals is not None:
        return LineFigures(
            position=position,
            description=typed.description or printed_text(raw.get("description")),
            description_arabic=typed.description_arabic,
            code=typed.item_code,
            quantity=typed.quantity,
            unit=typed.unit,
            unit_price=typed.unit_price,
            discount=totals.discount,
            tax_rate=typed.tax_rate,
            net=totals.net,
            tax=totals.tax_display,
            gross=totals.net + totals.tax_display,
        )
    block: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    return LineFigures(
        position=position,
        description=printed_text(block.get("description"), 500),
        description_arabic=printed_text(block.get("description_arabic"), 500),
        code=printed_text(block.get("item_code"), 60),
        unit=printed_text(block.get("unit"), 20),
        quantity=None,
        unit_price=None,
        net=None,
        tax=None,
        gross=None,
    )


def _header_date(note: Collected, payload: Mapping[str, Any], name: str) -> dt.date | None:
    value = payload.get(name)
    if value in (None, ""):
        return None
    return note.take(lambda: parse_date(value, field=name), None)


def _discount(note: Collected, payload: Mapping[str, Any]) -> Decimal:
    value = payload.get("document_discount")
    if value in (None, ""):
        return Decimal(0)
    return note.take(
        lambda: parse_decimal(value, field="document_discount", minimum=Decimal(0)), Decimal(0)
    )


def _dates(
    note: Collected, payload: Mapping[str, Any]
) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Return the date of the document, the due date and the supply date as far as they can be read."""
    issue_date = _header_date(note, payload, "issue_date")
    due_date = _header_date(note, payload, "due_date")
    if issue_date and due_date and due_date < issue_date:
        note.errors.append(
            DomainError(
                N_("The due date is not before the date of the document."),
                code="too_early",
                field="due_date",
            )
        )
    return issue_date, due_date, _header_date(note, payload, "supply_date")


def preview_document(
    payload: Mapping[str, Any],
    *,
    kind: str,
    company: Mapping[str, Any],
    currency: str,
    other_side: Literal["buyer", "seller"] = "buyer",
    qr_place: bool = False,
    read_line: Callable[[Mapping[str, Any], str], TypedLine] | None = None,
) -> Previewed:
    """Return the document for the typed payload, wrong fields left out and named (IF-1).

    `company` is our own printed block; the other party's comes in the payload under `other_side`. `read_line` reads
    fields that only this kind of document has.
    """
    note = Collected()
    chosen = note.take(
        lambda: parse_currency(payload.get("currency"), name="currency", default=currency), currency
    )
    discount = _discount(note, payload)
    raw_lines = payload.get("lines")
    raw_lines = raw_lines if isinstance(raw_lines, list) else []
    read = preview_lines(
        raw_lines,
        currency=chosen,
        document_discount=discount,
        prices_include_tax=payload.get("prices_include_tax") is True,
        read=read_line,
    )
    issue_date, due_date, supply_date = _dates(note, payload)
    amounts = iter(read.totals.lines)
    # a document discount that cannot be applied leaves the lines without amounts
    by_line = tuple(next(amounts, None) if line is not None else None for line in read.lines)
    language = payload.get("language")
    block = payload.get(other_side)
    parties = {
        "buyer": party_of(company),
        "seller": party_of(company),
        other_side: party_of(block if isinstance(block, Mapping) else {}),
    }
    figures = DocumentFigures(
        kind=kind,
        seller=parties["seller"],
        buyer=parties["buyer"],
        lines=[
            _half_read(raw, position, typed, totals)
            for position, (raw, typed, totals) in enumerate(
                zip(raw_lines, read.lines, by_line, strict=False), start=1
            )
        ],
        taxes=tax_figures(
            read.totals.categories,
            [line for line in read.lines if line is not None],
            is_sale=other_side == "buyer",
        ),
        currency=chosen,
        subtotal=read.totals.subtotal,
        tax_amount=read.totals.tax_amount,
        total=read.totals.total,
        lines_total=read.totals.subtotal + discount,
        document_discount=discount,
        issue_date=issue_date,
        due_date=due_date,
        supply_date=supply_date,
        number=printed_text(payload.get("number"), 60),
        notes=printed_text(payload.get("notes")),
        notes_arabic=printed_text(payload.get("notes_arabic")),
        your_reference=printed_text(
            payload.get("supplier_number") or payload.get("reference"), 120
        ),
        original_number=printed_text(payload.get("original_number"), 60),
        reason=printed_text(payload.get("reason"), 300),
        qr_data_uri=QR_PLACE if qr_place else "",
        language=cast("Literal['both', 'en', 'ar']", language if language in LANGUAGES else "both"),
    )
    return Previewed(
        format_document(figures), read.totals, by_line, (*read.errors, *note.errors), chosen
    )
