"""The page of one document, as it prints, with what may be done and what has happened; and its PDF."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from core.dates import local_today
from documents.lifecycle import OPEN, Status
from documents.models import DocumentHeader
from documents.pages import DocumentPages, Field, Section, address
from documents.printing import Language
from documents.rendering import render_preview_html
from documents.services.sheets import sheet_pdf
from tenancy.permissions import View, page, principal_of
from tenancy.principal import Principal

LANGUAGES: dict[str, Language] = {"both": "both", "en": "en", "ar": "ar"}
LINES_SHOWN = 400


def print_language(request: HttpRequest, name: str) -> Language:
    """Return the language asked for in the address; anything unknown means both."""
    return LANGUAGES.get(request.GET.get(name, ""), "both")


def load(pages: DocumentPages, document_id: uuid.UUID) -> tuple[Any, list[Any]]:
    """Return the document with its lines; a foreign or missing id is Not found, and nothing tells them apart."""
    found = pages.find(document_id)
    if found is None:
        raise Http404
    return found


def document_sections(
    pages: DocumentPages, document_id: uuid.UUID, principal: Principal
) -> list[tuple[Section, str]]:
    """Return the sections that exist and that the person may see, with their addresses."""
    found = []
    for section in pages.sections:
        if section.permission and not principal.has(section.permission):
            continue
        url = address(section.url_name, document_id) or address(
            section.url_name, pages.kind, document_id
        )
        if url:
            found.append((section, url))
    return found


def rights(pages: DocumentPages, document: DocumentHeader, principal: Principal) -> dict[str, bool]:
    """Return what the person may do with the document now; follows lifecycle, lock and role."""
    posted = document.status != Status.DRAFT
    free = not document.is_locked
    steps, allows = pages.steps, pages.document_type.lifecycle.allows
    if steps is None:
        return {}
    may_edit = principal.has(pages.may("edit")) and (free or principal.role == "owner")
    return {
        "may_edit_draft": not posted and may_edit,
        "may_edit_fields": posted
        and steps.change is not None
        and document.status != Status.VOID
        and may_edit,
        "may_post": allows(document.status, Status.POSTED)
        and not posted
        and free
        and principal.has(pages.may("post")),
        "may_void": steps.void is not None
        and allows(document.status, Status.VOID)
        and free
        and not document.allocated_amount
        and principal.has(pages.may("void")),
        "may_lock": steps.lock is not None and free and principal.has(pages.may("lock")),
        "may_unlock": steps.unlock is not None and not free and principal.has(pages.may("unlock")),
        "may_delete": steps.delete is not None
        and not posted
        and may_edit
        and principal.has(pages.may("delete")),
    }


def changeable(pages: DocumentPages, document: DocumentHeader) -> tuple[Field, ...]:
    """Return the fields that may still change on a posted document."""
    if pages.change_fields is None:
        return pages.posted_fields
    names = pages.change_fields(document)
    return tuple(one for one in pages.posted_fields if one.name in names)


def field_values(pages: DocumentPages, document: DocumentHeader) -> dict[str, str]:
    """Return what may still change on a posted document, as its form shows it."""
    values = {}
    for one in pages.posted_fields:
        value = getattr(document, f"{one.name}_id" if one.kind == "select" else one.name)
        values[one.name] = value.isoformat() if hasattr(value, "isoformat") else str(value or "")
    return values


def fields_context(
    pages: DocumentPages, document: DocumentHeader, principal: Principal
) -> dict[str, Any]:
    """Return what the form of the still changeable fields needs."""
    fields = changeable(pages, document)
    choices = pages.choices(principal) if any(one.options for one in fields) else {}
    return {
        "pages": pages,
        "document": document,
        "fields": fields,
        "choices": choices,
        "values": field_values(pages, document),
    }


def detail_page(pages: DocumentPages) -> View:
    """Return the page of one document."""

    @require_GET
    @page(pages.may("view"))
    def document_detail(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Show one document as it prints, with what may be done and what has happened."""
        principal = principal_of(request)
        document, lines = load(pages, document_id)
        context = detail_context(request, pages, document, lines)
        if pages.extras is not None:
            context |= pages.extras(document, principal)
        return render(request, "documents/detail.html", context)

    return document_detail


def detail_context(
    request: HttpRequest, pages: DocumentPages, document: Any, lines: list[Any]
) -> dict[str, Any]:
    """Return what the page of a document shows; the actions follow the lifecycle and the role."""
    principal = principal_of(request)
    language = print_language(request, "print")
    printed = pages.print(document, lines[:LINES_SHOWN], principal.company, language=language)
    may = rights(pages, document, principal)
    context: dict[str, Any] = {
        "pages": pages,
        "document": document,
        "party": pages.party_of(document),
        # rendered by our own templates, every value escaped there
        "sheet": mark_safe(render_preview_html(printed)),  # noqa: S308
        "print_language": language,
        "lines_left": max(0, len(lines) - LINES_SHOWN),
        "overdue": pages.has_overdue
        and document.status in OPEN
        and document.due_date is not None
        and document.due_date < local_today(),
        "sections": document_sections(pages, document.pk, principal),
        **may,
    }
    if may.get("may_edit_fields"):
        context |= fields_context(pages, document, principal)
    return context


def pdf_page(pages: DocumentPages) -> View:
    """Return the PDF of a kind."""

    @require_GET
    @page(pages.may("view"))
    def document_pdf_page(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Return the document as PDF/A-3 (IF-6), shown in the browser, or saved with `?download`."""
        document, lines = load(pages, document_id)
        language = print_language(request, "language")
        printed = pages.print(document, lines, principal_of(request).company, language=language)
        name, content = sheet_pdf(document, printed, kind=pages.kind)
        return pdf_answer(request, name, content)

    return document_pdf_page


def pdf_answer(request: HttpRequest, name: str, content: bytes) -> HttpResponse:
    """Return a PDF under a plain file name."""
    response = HttpResponse(content, content_type="application/pdf")
    kind = "attachment" if "download" in request.GET else "inline"
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in name
    )
    response.headers["Content-Disposition"] = f'{kind}; filename="{plain}"'
    return response
