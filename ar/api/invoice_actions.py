"""What is done with an invoice: post, lock, unlock, credit, print, look back."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import parse_choice, query_of
from api.pagination import page_of, paged, paged_query
from api.renderers import PdfRenderer
from api.views import ApiView
from ar.api import serializers
from ar.api.inputs import action_body, version_of
from ar.api.invoices import created
from ar.api.shapes import document_shape, header_shape
from ar.document_types import INVOICE
from ar.models import CreditNote, CreditNoteLine, Invoice
from ar.services.invoices import invoice_lock, invoice_unlock
from ar.services.pdf import credit_note_pdf, invoice_pdf
from ar.services.posting import invoice_post, invoice_void
from audit.api.shapes import entry_shapes
from audit.selectors.history import entity_history
from audit.services.events import audit_event
from core.inputs import clean_text, parse_flag
from core.timing import phase
from documents.services.drafts import drafts_discard_of

PDF_LANGUAGES = ("both", "en", "ar")


class InvoicePost(ApiView):
    """Posting: from here on the invoice is history."""

    by_key = True
    permissions = {"POST": "ar.invoice.post"}  # read only

    @extend_schema(
        operation_id="invoices_post",
        parameters=[OpenApiParameter("lines", bool, description="false leaves the lines out.")],
        request=serializers.VersionInput,
        responses=serializers.InvoiceDocument,
    )
    @idempotent("invoices.post", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Post a draft: number, balanced journal, frozen totals and parties."""
        query = query_of(request.query_params, ("lines",), is_list=False)
        body = action_body(request.data)
        invoice = invoice_post(
            invoice_id=invoice_id, actor=self.principal, version=version_of(body)
        )
        drafts_discard_of(kind=INVOICE.kind, document_id=invoice_id, actor=self.principal)
        if not parse_flag(query.get("lines"), field="lines", default=True):
            with phase("build"):
                return Response(document_shape(invoice))
        return Response(created(invoice))


class InvoiceLock(ApiView):
    """Freezing (RR-3)."""

    permissions = {"POST": "ar.invoice.lock"}  # read only

    @extend_schema(
        operation_id="invoices_lock",
        request=serializers.VersionInput,
        responses=serializers.InvoiceRow,
    )
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Lock an invoice; only an owner."""
        body = action_body(request.data)
        invoice = invoice_lock(
            invoice_id=invoice_id, actor=self.principal, version=version_of(body)
        )
        return Response(header_shape(invoice))


class InvoiceUnlock(ApiView):
    """Opening again (RR-3)."""

    permissions = {"POST": "ar.invoice.unlock"}  # read only

    @extend_schema(
        operation_id="invoices_unlock",
        request=serializers.VersionInput,
        responses=serializers.InvoiceRow,
    )
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Unlock an invoice; only an owner."""
        body = action_body(request.data)
        invoice = invoice_unlock(
            invoice_id=invoice_id, actor=self.principal, version=version_of(body)
        )
        return Response(header_shape(invoice))


class InvoiceCreditNote(ApiView):
    """Voiding by a credit note over all of it."""

    permissions = {"POST": "ar.invoice.void"}  # read only

    @extend_schema(
        operation_id="invoices_credit_note",
        request=serializers.CreditNoteInput,
        responses={201: serializers.CreditNoteDocument},
    )
    @idempotent("invoices.credit_note", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Void a posted, unpaid invoice; answers with the credit note."""
        body = action_body(request.data, "reason")
        note = invoice_void(
            invoice_id=invoice_id,
            actor=self.principal,
            reason=clean_text(body.get("reason"), field="reason", max_length=300),
            version=version_of(body),
        )
        return Response(credit_note_answer(note), status=status.HTTP_201_CREATED)


def credit_note_answer(note: CreditNote) -> dict[str, Any]:
    """Return a credit note with its lines."""
    lines = list(CreditNoteLine.objects.filter(document_id=note.pk).order_by("position"))
    return document_shape(note, lines)


def pdf_answer(name: str, content: bytes) -> HttpResponse:
    """Return a PDF to be shown or saved."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


class InvoicePdf(ApiView):
    """The printed invoice (IF-6)."""

    permissions = {"GET": "ar.invoice.view"}  # read only
    renderer_classes = (PdfRenderer, *ApiView.renderer_classes)

    @extend_schema(
        operation_id="invoices_pdf",
        parameters=[OpenApiParameter("language", enum=PDF_LANGUAGES)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> HttpResponse:
        """Return the PDF; each print is in the audit log."""
        query = query_of(request.query_params, ("language",), is_list=False)
        language = parse_choice(query.get("language", "both"), PDF_LANGUAGES, field="language")
        name, content = invoice_pdf(
            invoice_id=invoice_id,
            actor=self.principal,
            language=language,  # type: ignore[arg-type]  # checked above
        )
        audit_event("PRINT", "ar.invoice", invoice_id, {"language": language})
        return pdf_answer(name, content)


class InvoiceHistory(ApiView):
    """What happened to an invoice (RR-9)."""

    permissions = {"GET": "audit.entity.view"}  # read only

    @extend_schema(
        operation_id="invoices_history",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.AuditRow),
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Return the audit entries of an invoice, newest first, in words and as stored."""
        query = query_of(request.query_params, ())
        if not Invoice.objects.filter(pk=invoice_id).exists():
            raise not_found()
        page = page_of(query)
        rows = entity_history("ar.invoice", str(invoice_id))
        count = rows.count()
        return paged(request, page, count, entry_shapes(rows[page.start : page.stop]))


class CreditNoteList(ApiView):
    """All credit notes."""

    permissions = {"GET": "ar.credit_note.view"}  # read only

    @extend_schema(
        operation_id="credit_notes_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.CreditNoteDocument),
    )
    def get(self, request: Request) -> Response:
        """List credit notes, newest first."""
        query = query_of(request.query_params, ())
        rows = CreditNote.objects.order_by("-issue_date", "-id")
        return paged_query(request, query, rows, document_shape)


class CreditNoteDetail(ApiView):
    """One credit note."""

    permissions = {"GET": "ar.credit_note.view"}  # read only

    @extend_schema(operation_id="credit_notes_retrieve", responses=serializers.CreditNoteDocument)
    def get(self, request: Request, note_id: uuid.UUID) -> Response:
        """Return a credit note with its lines."""
        note = CreditNote.objects.filter(pk=note_id).first()
        if note is None:
            raise not_found()
        return Response(credit_note_answer(note))


class CreditNotePdf(ApiView):
    """The printed credit note."""

    permissions = {"GET": "ar.credit_note.view"}  # read only
    renderer_classes = (PdfRenderer, *ApiView.renderer_classes)

    @extend_schema(
        operation_id="credit_notes_pdf",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, note_id: uuid.UUID) -> HttpResponse:
        """Return the PDF."""
        name, content = credit_note_pdf(note_id=note_id, actor=self.principal)
        audit_event("PRINT", "ar.credit_note", note_id)
        return pdf_answer(name, content)
