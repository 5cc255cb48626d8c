"""Stored invoices and credit notes as they print. Pure: reads what the caller loaded, runs no SQL.

A posted document prints its snapshots of seller and buyer; a draft prints today's company and customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ar.models import CreditNote, Customer, Invoice, InvoiceKind
from ar.parties import buyer_snapshot
from core.money import ZERO
from documents.lifecycle import Status
from documents.models import DocumentLine
from documents.parties import company_block
from documents.print_parties import stored_sheet
from documents.printing import Language, PrintDocument
from einvoicing.engine.qr import phase1_qr, qr_svg_path


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
    own: dict[str, Any] = {"your_reference": document.reference}
    if note is not None:
        own = {"due_date": None, "original_number": document.reference, "reason": note.reason}
    elif isinstance(document, Invoice) and document.kind == InvoiceKind.DEBIT_NOTE:
        # its reference is the number of the invoice it corrects
        own = {"original_number": document.reference, "reason": document.reason}
    return stored_sheet(
        document,
        lines,
        kind=document.kind if isinstance(document, Invoice) else "credit_note",
        seller={} if posted else company_block(company),
        buyer={} if posted else buyer_snapshot(customer or document.customer),
        base_currency=str(company.get("currency") or ""),
        language=language,
        qr_data_uri=qr_picture(invoice_qr_text(document)),
        **own,
    )
