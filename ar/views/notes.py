"""The list of credit notes, the page of one, and its PDF."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from ar.document_types import CREDIT_NOTE
from ar.models import CreditNote, CreditNoteLine
from ar.printing import print_document
from ar.selectors.invoice_list import document_listing, read_filter
from ar.services.pdf import credit_note_pdf as render_credit_note_pdf
from ar.views.answers import principal_of
from ar.views.invoices import LINES_SHOWN, document_sections, pdf_answer, print_language
from core.dates import local_today
from documents.rendering import render_preview_html
from tenancy.permissions import page
from web.htmx import fragment, is_htmx


@require_GET
@page("ar.credit_note.view")
def credit_note_list(request: HttpRequest) -> HttpResponse:
    """Show credit notes by the filters in the address."""
    wanted = read_filter(request.GET)
    context = {
        "listing": document_listing(CreditNote, CREDIT_NOTE.kind, wanted, today=local_today()),
        "wanted": wanted,
        "query": request.GET.get("q", "")[:100],
    }
    if is_htmx(request):
        return fragment(request, "ar/credit_note/_list.html", context | {"oob": True})
    return render(request, "ar/credit_note/list.html", context)


@require_GET
@page("ar.credit_note.view")
def credit_note_detail(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Show one credit note as it prints."""
    principal = principal_of(request)
    note = CreditNote.objects.select_related("customer", "invoice").filter(pk=note_id).first()
    if note is None:
        raise Http404
    lines = list(CreditNoteLine.objects.filter(document_id=note.pk).order_by("position"))
    language = print_language(request, "print")
    document = print_document(note, lines[:LINES_SHOWN], principal.company, language=language)
    context = {
        "note": note,
        # rendered by our own templates, every value escaped there
        "sheet": mark_safe(render_preview_html(document)),  # noqa: S308
        "print_language": language,
        "lines_left": max(0, len(lines) - LINES_SHOWN),
        "sections": document_sections(CREDIT_NOTE.kind, note.pk, principal),
    }
    return render(request, "ar/credit_note/detail.html", context)


@require_GET
@page("ar.credit_note.view")
def credit_note_pdf(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Return the credit note as PDF/A-3."""
    language = print_language(request, "language")
    name, content = render_credit_note_pdf(
        note_id=note_id,
        actor=principal_of(request),
        language=language,
    )
    return pdf_answer(request, name, content)
