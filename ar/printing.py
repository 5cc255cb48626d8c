"""Stored invoices and credit notes as they print. Pure: reads what the caller loaded, runs no SQL.

A posted document prints its snapshots of seller and buyer; a draft prints today's company and customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ar.models import CreditNote, Customer, Invoice
from ar.services.building import buyer_snapshot, seller_snapshot
from core.money import ZERO
from documents.lifecycle import Status
from documents.models import DocumentLine
from documents.printing import (
    DocumentFigures,
    Language,
    LineFigures,
    PrintDocument,
    PrintParty,
    TaxFigures,
    format_document,
)
from documents.stored import breakdown_from_json
from einvoicing.engine.qr import phase1_qr, qr_svg_path

LONGEST_PART = 200


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def party_of(block: Mapping[str, Any]) -> PrintParty:
    """Return a seller or buyer from its snapshot (ar.services.building), or from the copy the editor holds."""

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


def svg_data_uri(markup: str) -> str:
    """Return an SVG picture as an address that page and PDF may both load."""
    return f"data:image/svg+xml,{quote(markup)}"


def invoice_qr_text(document: Invoice | CreditNote) -> str:
    """Return the QR code's text of a posted document, base64 of tags 1 to 5; "" for drafts and sellers without VAT."""
    seller = document.seller or {}
    if (
        document.status == Status.DRAFT
        or document.issued_at is None
        or not seller.get("vat_number")
    ):
        return ""
    return phase1_qr(
        seller_name=str(seller.get("name_arabic") or seller.get("name") or ""),
        vat_number=str(seller["vat_number"]),
        issued_at=document.issued_at,
        total=document.total or ZERO,
        tax=document.tax_amount or ZERO,
        currency=document.currency,
    )


def qr_picture(text: str) -> str:
    """Return the code as an SVG address with its quiet zone; "" for no text."""
    if not text:
        return ""
    size, path = qr_svg_path(text)
    return svg_data_uri(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
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


def print_document(
    document: Invoice | CreditNote,
    lines: Sequence[DocumentLine],
    company: Mapping[str, Any],
    *,
    customer: Customer | None = None,
    language: Language = "both",
) -> PrintDocument:
    """Return the sheet of a stored invoice or credit note with its lines in order.

    `company` is the principal's company, used for drafts; `customer` spares a query where the caller has it.
    """
    posted = document.status != Status.DRAFT
    note = document if isinstance(document, CreditNote) else None
    seller = document.seller if posted else seller_snapshot(dict(company))
    buyer = document.buyer if posted else buyer_snapshot(customer or document.customer)
    categories = breakdown_from_json(document.tax_breakdown)
    foreign = document.currency != str(company.get("currency") or document.currency)
    return format_document(
        DocumentFigures(
            kind="credit_note" if note else "invoice",
            status=document.status,
            number=document.number,
            seller=party_of(seller),
            buyer=party_of(buyer),
            lines=[line_figures(line) for line in lines],
            taxes=[TaxFigures(one.category, one.rate, one.taxable, one.tax) for one in categories],
            currency=document.currency,
            subtotal=document.subtotal or ZERO,
            tax_amount=document.tax_amount or ZERO,
            total=document.total or ZERO,
            lines_total=(document.subtotal or ZERO) + document.document_discount,
            document_discount=document.document_discount,
            tax_in_base=document.base_tax_amount if posted and foreign else None,
            issue_date=document.issue_date,
            due_date=None if note else document.due_date,
            supply_date=document.supply_date,
            notes=document.notes,
            notes_arabic=document.notes_arabic,
            your_reference="" if note else document.reference,
            original_number=document.reference if note else "",
            reason=note.reason if note else "",
            qr_data_uri=qr_picture(invoice_qr_text(document)),
            language=language,
            issued_at=document.issued_at,
        )
    )
