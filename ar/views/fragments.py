"""What the editor asks for while somebody types: the preview, choices for its pickers, the auto-saved draft."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ar.document_types import INVOICE
from ar.previewing import Previewed, preview_invoice
from ar.selectors.editing import customer_search, item_choices, items_named
from ar.services.building import seller_snapshot
from ar.views.answers import call, principal_of, read_json
from core.inputs import clean_text, parse_integer, parse_uuid
from documents.rendering import render_preview_html
from documents.services.drafts import (
    draft_autosave,
    draft_discard,
    draft_get,
    draft_save_named,
)
from tenancy.principal import Principal
from web.formats import format_amount

MOST_PASTED = 2000


def preview_state(previewed: Previewed, stamp: Any) -> dict[str, Any]:
    """Return what the grid shows of a preview: amounts of the lines and messages by field."""
    currency = previewed.currency
    return {
        "stamp": stamp,
        "lines": [
            None if line is None else format_amount(line.net, currency) for line in previewed.lines
        ],
        "errors": [{"field": one.field or "", "message": one.message} for one in previewed.errors],
        "total": format_amount(previewed.totals.total, currency),
    }


@require_POST
@transaction.non_atomic_requests
@call("ar.invoice.create")
def invoice_preview(request: HttpRequest) -> HttpResponse:
    """Return the sheet for the typed payload, with totals and messages beside it. Runs no SQL (IF-1)."""
    principal = principal_of(request)
    payload = read_json(request.POST.get("payload", ""))
    previewed = preview_invoice(
        payload, seller=seller_snapshot(principal.company), currency=principal.currency
    )
    context = {
        # rendered by our own templates, every value escaped there
        "sheet": mark_safe(render_preview_html(previewed.document)),  # noqa: S308
        "state": json.dumps(preview_state(previewed, payload.get("stamp")), ensure_ascii=False),
        "totals": previewed.totals,
        "currency": previewed.currency,
    }
    return render(request, "ar/invoice/_preview.html", context)


@require_GET
@call("inventory.item.view")
def item_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten items for what is typed or scanned (PS-16)."""
    text = clean_text(request.GET.get("q", ""), field="q", max_length=100)
    return JsonResponse({"results": item_choices(text, currency=principal_of(request).currency)})


@require_GET
@call("ar.customer.view")
def customer_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten customers for what is typed."""
    text = clean_text(request.GET.get("q", ""), field="q", max_length=100)
    return JsonResponse({"results": customer_search(text, currency=principal_of(request).currency)})


@require_POST
@call("inventory.item.view")
def rows_lookup(request: HttpRequest) -> HttpResponse:
    """Return the items of pasted rows by code, barcode or name; what is not found is not in the answer."""
    names = read_json(request.body).get("names")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return JsonResponse(
        {"items": items_named(names[:MOST_PASTED], currency=principal_of(request).currency)}
    )


@require_http_methods(["POST", "DELETE"])
@call("ar.invoice.create")
def invoice_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed (POST) or forget it (DELETE): the user's one auto-saved draft of this document (IF-2).

    With `name` it is kept by hand under that name; with `set_aside` the earlier draft gets the name first, so that
    starting anew while the question "restore?" stands never costs anything.
    """
    body = read_json(request.body)
    principal = principal_of(request)
    document_id = _optional_id(body, "document")
    draft_id = _optional_id(body, "draft")
    if request.method == "DELETE":
        if draft_id is not None:
            draft_discard(draft_id=draft_id, actor=principal, missing_ok=True)
        return JsonResponse({})
    payload = body.get("payload") or {}
    if body.get("set_aside"):
        _set_aside(
            _optional_id(body, "set_aside"), str(body.get("set_aside_name") or ""), principal
        )
    if body.get("name"):
        draft = draft_save_named(
            kind=INVOICE.kind,
            name=body["name"],
            payload=payload,
            actor=principal,
            document_id=document_id,
        )
    else:
        draft = draft_autosave(
            kind=INVOICE.kind,
            document_id=document_id,
            draft_id=draft_id,
            version=parse_integer(body["version"], field="version")
            if body.get("version")
            else None,
            payload=payload,
            actor=principal,
        )
    return JsonResponse(
        {
            "draft": str(draft.pk),
            "version": draft.version,
            "saved_at": timezone.localtime(draft.updated_at).isoformat(),
        }
    )


def _optional_id(body: dict[str, Any], name: str) -> uuid.UUID | None:
    return parse_uuid(body[name], field=name) if body.get(name) else None


def _set_aside(draft_id: uuid.UUID | None, name: str, actor: Principal) -> None:
    if draft_id is None:
        return
    earlier = draft_get(draft_id=draft_id, actor=actor)
    draft_save_named(kind=INVOICE.kind, name=name, payload=earlier.payload, actor=actor)
    draft_discard(draft_id=draft_id, actor=actor, missing_ok=True)
