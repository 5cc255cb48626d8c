"""The list of invoices, the page of one invoice, and its PDF."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ar.document_types import INVOICE
from ar.models import CreditNote, Invoice, InvoiceLine
from ar.printing import print_document
from ar.selectors.editing import invoice_with_lines, salespeople
from ar.selectors.invoice_list import document_listing, read_filter
from ar.services.pdf import invoice_pdf as render_invoice_pdf
from ar.views.answers import principal_of
from core.dates import local_today
from documents.lifecycle import OPEN, Status
from documents.printing import Language
from documents.rendering import render_preview_html
from tenancy.permissions import page
from tenancy.principal import Principal
from web.htmx import fragment, is_htmx

LANGUAGES: dict[str, Language] = {"both": "both", "en": "en", "ar": "ar"}


def print_language(request: HttpRequest, name: str) -> Language:
    """Return the language asked for in the address; anything unknown means both."""
    return LANGUAGES.get(request.GET.get(name, ""), "both")


LINES_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document page that another app provides and that loads by itself."""

    key: str
    title: str | Promise
    url_name: str
    permission: str
    side: bool = True


SECTIONS = (
    Section("payments", _("Payments"), "payments:invoice-section", "payments.payment.view"),
    Section(
        "commission",
        _("Commission"),
        "commissions:invoice-section",
        "commissions.snapshot.view_own",
    ),
    Section("timeline", _("Timeline"), "audit:timeline", "audit.entity.view"),
    Section("journal", _("Journal"), "ledger:document-journal", "ledger.journal.view", side=False),
)


@require_GET
@page("ar.invoice.view")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """Show invoices by the filters in the address; constant statements on any page."""
    wanted = read_filter(request.GET)
    today = local_today()
    context = {
        "listing": document_listing(Invoice, INVOICE.kind, wanted, today=today),
        "wanted": wanted,
        "query": request.GET.get("q", "")[:100],
        "today": today,
        "open_states": sorted(OPEN),
        "can_create": principal_of(request).has("ar.invoice.create"),
        "can_import": principal_of(request).has("ar.invoice.import"),
    }
    if is_htmx(request):
        return fragment(request, "ar/invoice/_list.html", context | {"oob": True})
    return render(request, "ar/invoice/list.html", context)


def document_sections(
    kind: str, document_id: uuid.UUID, principal: Principal
) -> list[tuple[Section, str]]:
    """Return the sections that exist and that the person may see, with their addresses."""
    found = []
    for section in SECTIONS:
        if not principal.has(section.permission):
            continue
        for args in ([document_id], [kind, document_id]):
            try:
                found.append((section, reverse(section.url_name, args=args)))
                break
            except NoReverseMatch:
                continue
    return found


def load(invoice_id: uuid.UUID) -> tuple[Invoice, list[InvoiceLine]]:
    """Return the invoice with its lines; a foreign or missing id is Not found, and nothing tells them apart."""
    found = invoice_with_lines(invoice_id)
    if found is None:
        raise Http404
    return found


@require_GET
@page("ar.invoice.view")
def invoice_detail(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Show one invoice as it prints, with what may be done and what has happened."""
    principal = principal_of(request)
    invoice, lines = load(invoice_id)
    return render(
        request, "ar/invoice/detail.html", detail_context(request, principal, invoice, lines)
    )


def detail_context(
    request: HttpRequest, principal: Principal, invoice: Invoice, lines: list[InvoiceLine]
) -> dict[str, object]:
    """Return what the page of an invoice shows; the actions follow the lifecycle and the role."""
    language = print_language(request, "print")
    posted = invoice.status != Status.DRAFT
    free = not invoice.is_locked
    may_edit = principal.has("ar.invoice.edit") and (free or principal.role == "owner")
    document = print_document(
        invoice,
        lines[:LINES_SHOWN],
        principal.company,
        language=language,
    )
    return {
        "invoice": invoice,
        # rendered by our own templates, every value escaped there
        "sheet": mark_safe(render_preview_html(document)),  # noqa: S308
        "print_language": language,
        "lines_left": max(0, len(lines) - LINES_SHOWN),
        "overdue": invoice.status in OPEN
        and invoice.due_date is not None
        and invoice.due_date < local_today(),
        "credit_note": CreditNote.objects.filter(invoice_id=invoice.pk)
        .only("number", "company_id")
        .first()
        if invoice.status == Status.VOID
        else None,
        "sections": document_sections(INVOICE.kind, invoice.pk, principal),
        "salespeople": salespeople() if posted and may_edit else [],
        "values": field_values(invoice),
        "may_edit_draft": not posted and may_edit,
        "may_edit_fields": posted and invoice.status != Status.VOID and may_edit,
        "may_change_salesperson": invoice.status != Status.PAID,
        "may_post": INVOICE.lifecycle.allows(invoice.status, Status.POSTED)
        and not posted
        and free
        and principal.has("ar.invoice.post"),
        "may_void": INVOICE.lifecycle.allows(invoice.status, Status.VOID)
        and free
        and not invoice.allocated_amount
        and principal.has("ar.invoice.void"),
        "may_lock": free and principal.has("ar.invoice.lock"),
        "may_unlock": not free and principal.has("ar.invoice.unlock"),
        "may_delete": not posted and may_edit and principal.has("ar.invoice.delete"),
        "payment_url": _payment_url(invoice, principal),
    }


def field_values(invoice: Invoice) -> dict[str, str]:
    """Return what may still change on a posted invoice, as its form shows it."""
    return {
        "due_date": invoice.due_date.isoformat() if invoice.due_date else "",
        "reference": invoice.reference,
        "salesperson": str(invoice.salesperson_id or ""),
        "notes": invoice.notes,
        "notes_arabic": invoice.notes_arabic,
    }


def _payment_url(invoice: Invoice, principal: Principal) -> str:
    if invoice.status not in OPEN or not principal.has("payments.payment.create"):
        return ""
    try:
        address = reverse("payments:payment-create")
    except NoReverseMatch:
        return ""
    return f"{address}?customer={invoice.customer_id}&invoice={invoice.pk}"


@require_GET
@page("ar.invoice.view")
def invoice_pdf(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Return the invoice as PDF/A-3 (IF-6), shown in the browser, or saved with `?download`."""
    principal = principal_of(request)
    language = print_language(request, "language")
    name, content = render_invoice_pdf(
        invoice_id=invoice_id,
        actor=principal,
        language=language,
    )
    return pdf_answer(request, name, content)


def pdf_answer(request: HttpRequest, name: str, content: bytes) -> HttpResponse:
    """Return a PDF under a plain file name."""
    response = HttpResponse(content, content_type="application/pdf")
    kind = "attachment" if "download" in request.GET else "inline"
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in name
    )
    response.headers["Content-Disposition"] = f'{kind}; filename="{plain}"'
    return response
