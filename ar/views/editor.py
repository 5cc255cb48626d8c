"""The split-screen invoice editor: its page, and the one call that saves or posts what was typed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ar.document_types import INVOICE
from ar.models import Customer, Invoice
from ar.selectors.editing import (
    CURRENCIES,
    autosaved_draft,
    customer_choices,
    invoice_payload,
    invoice_with_lines,
    named_drafts,
    salespeople,
)
from ar.services.invoices import invoice_create, invoice_update
from ar.services.posting import invoice_create_posted, invoice_post
from ar.typed import parse_invoice
from ar.views.answers import call, principal_of, problem, read_json
from ar.views.editor_text import editor_text
from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_uuid
from core.money import minor_digits
from documents.lifecycle import Status
from documents.models import Draft
from documents.services.drafts import draft_discard, draft_get, drafts_discard_of
from documents.versions import Conflict
from tenancy.permissions import page, require
from tenancy.principal import Principal


def _url(name: str) -> str:
    """Return the address of another app's page, or "" while that app has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _editor(
    request: HttpRequest,
    *,
    invoice: Invoice | None,
    payload: dict[str, Any],
    customer: dict[str, Any] | None,
    opened: Draft | None = None,
) -> HttpResponse:
    principal = principal_of(request)
    draft = opened or autosaved_draft(
        kind=INVOICE.kind, document_id=invoice.pk if invoice else None, actor=principal
    )
    own = principal.currency
    config = {
        "document": str(invoice.pk) if invoice else "",
        "version": invoice.version if invoice else None,
        "storage": f"mizan:{principal.company_id}:{principal.user_id}:{invoice.pk if invoice else 'new'}",
        "currency": own,
        "digits": {code: minor_digits(code) for code in (own, *CURRENCIES)},
        "terms": principal.company.get("payment_terms_days") or 0,
        "today": local_today().isoformat(),
        "canPost": principal.has("ar.invoice.post"),
        "language": principal.language,
        "payload": payload,
        "customer": customer,
        "draft": {
            "id": "" if opened else str(draft.pk),
            "opened": opened is not None,
            "payload": draft.payload,
            "saved_at": draft.updated_at.isoformat(),
            "version": draft.version,
        }
        if draft
        else None,
        "urls": {
            "save": reverse("ar:invoice-save"),
            "draft": reverse("ar:invoice-draft"),
            "items": reverse("ar:item-lookup"),
            "customers": reverse("ar:customer-lookup"),
            "rows": reverse("ar:rows-lookup"),
            "newItem": _url("inventory:item-create")
            if principal.has("inventory.item.edit")
            else "",
            "newCustomer": _url("ar:customer-create") if principal.has("ar.customer.edit") else "",
        },
        "text": editor_text(),
    }
    context = {
        "invoice": invoice,
        "config": config,
        "currencies": [own, *(code for code in CURRENCIES if code != own)],
        "salespeople": salespeople(),
        "drafts": named_drafts(kind=INVOICE.kind, actor=principal),
        "payload": payload,
        "can_post": principal.has("ar.invoice.post"),
        # the editor needs the width
        "rail_width": "narrow",
        "title": _("Draft invoice") if invoice else _("New invoice"),
    }
    return render(request, "ar/invoice/editor.html", context)


@require_GET
@page("ar.invoice.create")
def invoice_create_page(request: HttpRequest) -> HttpResponse:
    """Show an empty editor, for the customer in the address when there is one."""
    principal = principal_of(request)
    customer = None
    if asked := request.GET.get("customer"):
        found = customer_choices_by_id(asked, principal)
        customer = found[0] if found else None
    opened = None
    if kept := request.GET.get("draft"):
        opened = draft_get(draft_id=parse_uuid(kept, field="draft"), actor=principal)
    payload = {"issue_date": local_today().isoformat(), "currency": principal.currency, "lines": []}
    return _editor(request, invoice=None, payload=payload, customer=customer, opened=opened)


def customer_choices_by_id(text: str, principal: Principal) -> list[dict[str, Any]]:
    """Return the one customer of an id in the picker's form, or none."""
    try:
        customer_id = parse_uuid(text, field="customer")
    except DomainError:
        return []
    customers = list(Customer.objects.filter(pk=customer_id, is_active=True))
    return customer_choices(customers, currency=principal.currency)


@require_GET
@page("ar.invoice.edit")
def invoice_edit_page(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Show a draft in the editor; a posted invoice goes to its own page."""
    found = invoice_with_lines(invoice_id)
    if found is None:
        raise Http404
    invoice, lines = found
    if invoice.status != Status.DRAFT:
        return redirect("ar:invoice-detail", invoice_id=invoice.pk)
    customer = customer_choices([invoice.customer], currency=principal_of(request).currency)[0]
    return _editor(
        request, invoice=invoice, payload=invoice_payload(invoice, lines), customer=customer
    )


@require_POST
@call("ar.invoice.create")
def invoice_save(request: HttpRequest) -> HttpResponse:
    """Save the typed invoice, and post it when asked: {document, post, payload} -> {url, number, version}.

    409 on an outdated version carries the stored document, so that both sides can be compared field by field.
    """
    principal = principal_of(request)
    body = read_json(request.body)
    payload = body.get("payload") or {}
    document_id = parse_uuid(body["document"], field="document") if body.get("document") else None
    typed = parse_invoice(payload, currency=principal.currency, today=local_today())
    post = body.get("post") is True
    try:
        if document_id is not None:
            require(principal, "ar.invoice.edit")
            invoice = invoice_update(invoice_id=document_id, typed=typed, actor=principal)
            if post:
                invoice = invoice_post(invoice_id=invoice.pk, actor=principal)
        elif post:
            invoice = invoice_create_posted(typed=typed, actor=principal)
        else:
            invoice = invoice_create(typed=typed, actor=principal)
    except Conflict as error:
        return _conflict(error, document_id)
    # in the same transaction: a late auto-save finds its draft gone and is refused
    if body.get("draft"):
        draft_discard(
            draft_id=parse_uuid(body["draft"], field="draft"), actor=principal, missing_ok=True
        )
    if document_id is not None:
        drafts_discard_of(kind=INVOICE.kind, document_id=document_id, actor=principal)
    return JsonResponse(
        {
            "id": str(invoice.pk),
            "number": invoice.number,
            "status": invoice.status,
            "version": invoice.version,
            "url": reverse("ar:invoice-detail", args=[invoice.pk]),
        },
        status=200 if document_id else 201,
    )


def _conflict(error: Conflict, document_id: uuid.UUID | None) -> JsonResponse:
    answer = problem(error)
    found = invoice_with_lines(document_id) if document_id else None
    if found is None:
        return answer
    invoice, lines = found
    return JsonResponse(
        {
            "code": error.code,
            "message": error.message,
            "version": error.current_version,
            "current": invoice_payload(invoice, lines),
            "customer": {
                "name": invoice.customer.name,
                "name_arabic": invoice.customer.name_arabic,
            },
        },
        status=409,
    )
