"""Invoices and credit notes as PDF/A-3 (IF-3, IF-6)."""

from __future__ import annotations

import uuid

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from ar.printing import print_document
from core.errors import N_
from documents.errors import DocumentNotFound
from documents.printing import Language
from documents.services.sheets import sheet_pdf
from tenancy.permissions import require
from tenancy.principal import Principal


def invoice_pdf(
    *, invoice_id: uuid.UUID, actor: Principal, language: Language = "both"
) -> tuple[str, bytes]:
    """Return (file name, PDF) of an invoice; a draft says so on the sheet. Raises DocumentNotFound."""
    require(actor, "ar.invoice.view")
    invoice = Invoice.objects.select_related("customer").filter(pk=invoice_id).first()
    if invoice is None:
        raise DocumentNotFound(N_("There is no such invoice."))
    lines = list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))
    return _pdf(invoice, lines, actor, language)


def credit_note_pdf(
    *, note_id: uuid.UUID, actor: Principal, language: Language = "both"
) -> tuple[str, bytes]:
    """Return (file name, PDF) of a credit note. Raises DocumentNotFound."""
    require(actor, "ar.credit_note.view")
    note = CreditNote.objects.select_related("customer").filter(pk=note_id).first()
    if note is None:
        raise DocumentNotFound(N_("There is no such credit note."))
    lines = list(CreditNoteLine.objects.filter(document_id=note.pk).order_by("position"))
    return _pdf(note, lines, actor, language)


def _pdf(
    document: Invoice | CreditNote,
    lines: list[InvoiceLine] | list[CreditNoteLine],
    actor: Principal,
    language: Language,
) -> tuple[str, bytes]:
    printed = print_document(document, lines, actor.company, language=language)
    kind = INVOICE.kind if isinstance(document, Invoice) else CREDIT_NOTE.kind
    return sheet_pdf(document, printed, kind=kind)
