"""Parties, lines and whole stored documents as they print. Pure: reads what the caller loaded, runs no SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.money import ZERO
from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from documents.printing import (
    DocumentFigures,
    Language,
    LineFigures,
    PrintDocument,
    PrintParty,
    format_document,
)
from documents.stored import breakdown_from_json
from documents.vat_reasons import tax_figures

LONGEST_PART = 200
#: Kinds whose seller is somebody else: the reason is theirs to give.
BOUGHT = frozenset({"bill", "supplier_credit"})


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def party_of(block: Mapping[str, Any]) -> PrintParty:
    """Return a seller or buyer from its snapshot, or from the copy the editor holds."""

    def text(name: str) -> str:
        return str(block.get(name) or "")[:LONGEST_PART]

    english = (
        _joined(text("building_number"), text("street")),
        text("district"),
        _joined(text("city"), text("postal_code")),
    )
    arabic = (
        _joined(text("building_number"), text("street_arabic")) if text("street_arabic") else "",
        text("district_arabic"),
        _joined(text("city_arabic"), text("postal_code")) if text("city_arabic") else "",
    )
    return PrintParty(
        name=text("name"),
        name_arabic=text("name_arabic"),
        vat_number=text("vat_number"),
        cr_number=text("cr_number"),
        address_lines=tuple(line for line in english if line),
        address_lines_arabic=tuple(line for line in arabic if line),
        phone=text("phone"),
        email=text("email"),
    )


def line_figures(line: DocumentLine) -> LineFigures:
    """Return a stored line for the sheet."""
    return LineFigures(
        position=line.position,
        code=line.item_code,
        description=line.description,
        description_arabic=line.description_arabic,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount=line.discount_amount,
        tax_rate=line.tax_rate,
        net=line.net_amount,
        tax=line.tax_amount,
        gross=line.gross_amount,
    )


def stored_sheet(
    document: DocumentHeader,
    lines: Sequence[DocumentLine],
    *,
    kind: str,
    seller: Mapping[str, Any],
    buyer: Mapping[str, Any],
    base_currency: str,
    language: Language = "both",
    **more: Any,
) -> PrintDocument:
    """Return the sheet of a stored document; `more` are further fields of DocumentFigures.

    A posted document prints its snapshots of both parties, a draft the blocks given.
    """
    posted = document.status != Status.DRAFT
    categories = breakdown_from_json(document.tax_breakdown)
    foreign = document.currency != (base_currency or document.currency)
    figures: dict[str, Any] = {
        "kind": kind,
        "status": document.status,
        "number": document.number,
        "seller": party_of(document.seller if posted else seller),
        "buyer": party_of(document.buyer if posted else buyer),
        "lines": [line_figures(line) for line in lines],
        "taxes": tax_figures(categories, lines, is_sale=kind not in BOUGHT),
        "currency": document.currency,
        "subtotal": document.subtotal or ZERO,
        "tax_amount": document.tax_amount or ZERO,
        "total": document.total or ZERO,
        "lines_total": (document.subtotal or ZERO) + document.document_discount,
        "document_discount": document.document_discount,
        "tax_in_base": document.base_tax_amount if posted and foreign else None,
        "issue_date": document.issue_date,
        "due_date": document.due_date,
        "supply_date": document.supply_date,
        "notes": document.notes,
        "notes_arabic": document.notes_arabic,
        "language": language,
        "issued_at": document.issued_at,
    }
    return format_document(DocumentFigures(**(figures | more)))
