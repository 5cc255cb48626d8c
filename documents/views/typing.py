"""What every editor asks for while somebody types: the preview and the auto-saved draft."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from core.inputs import parse_integer, parse_uuid
from documents.pages import DocumentPages
from documents.parties import company_block
from documents.previewing import Previewed, preview_document
from documents.rendering import render_preview_html
from documents.services.drafts import (
    draft_autosave,
    draft_discard,
    draft_get,
    draft_save_named,
)
from documents.views.answers import call, read_json
from tenancy.permissions import View, principal_of
from tenancy.principal import Principal
from web.formats import format_amount


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


def preview_call(pages: DocumentPages) -> View:
    """Return the call for the sheet beside the typing."""

    @require_POST
    @transaction.non_atomic_requests
    @call(pages.may("create"))
    def document_preview(request: HttpRequest) -> HttpResponse:
        """Return the sheet for the typed payload, with totals and messages beside it. Runs no SQL (IF-1)."""
        principal = principal_of(request)
        payload = read_json(request.POST.get("payload", ""))
        kind = str(payload.get("kind") or "")
        previewed = preview_document(
            payload,
            kind=kind if kind in pages.print_kinds else pages.print_kind,
            company=company_block(principal.company),
            currency=principal.currency,
            other_side=pages.party.block,
            qr_place=pages.has_qr_place,
            read_line=pages.read_line,
        )
        context = {
            # rendered by our own templates, every value escaped there
            "sheet": mark_safe(render_preview_html(previewed.document)),  # noqa: S308
            "state": json.dumps(preview_state(previewed, payload.get("stamp")), ensure_ascii=False),
            "totals": previewed.totals,
            "currency": previewed.currency,
        }
        return render(request, "documents/_preview.html", context)

    return document_preview


def draft_call(pages: DocumentPages) -> View:
    """Return the call that keeps or forgets what is typed."""

    @require_http_methods(["POST", "DELETE"])
    @call(pages.may("create"))
    def document_draft(request: HttpRequest) -> HttpResponse:
        """Keep what is typed (POST) or forget it (DELETE): the user's one auto-saved draft of this document (IF-2).

        With `name` it is kept by hand under that name; with `set_aside` the earlier draft gets the name first, so that
        starting anew while the question "restore?" stands never costs anything.
        """
        body = read_json(request.body)
        principal = principal_of(request)
        draft_id = _optional_id(body, "draft")
        if request.method == "DELETE":
            if draft_id is not None:
                draft_discard(draft_id=draft_id, actor=principal, missing_ok=True)
            return JsonResponse({})
        if body.get("set_aside"):
            aside = _optional_id(body, "set_aside")
            _set_aside(pages.kind, aside, str(body.get("set_aside_name") or ""), principal)
        draft = _keep(pages.kind, body, draft_id, principal)
        return JsonResponse(
            {
                "draft": str(draft.pk),
                "version": draft.version,
                "saved_at": timezone.localtime(draft.updated_at).isoformat(),
            }
        )

    return document_draft


def _keep(kind: str, body: dict[str, Any], draft_id: uuid.UUID | None, actor: Principal) -> Any:
    payload = body.get("payload") or {}
    document_id = _optional_id(body, "document")
    if body.get("name"):
        return draft_save_named(
            kind=kind, name=body["name"], payload=payload, actor=actor, document_id=document_id
        )
    version = parse_integer(body["version"], field="version") if body.get("version") else None
    return draft_autosave(
        kind=kind,
        document_id=document_id,
        draft_id=draft_id,
        version=version,
        payload=payload,
        actor=actor,
    )


def _optional_id(body: dict[str, Any], name: str) -> uuid.UUID | None:
    return parse_uuid(body[name], field=name) if body.get(name) else None


def _set_aside(kind: str, draft_id: uuid.UUID | None, name: str, actor: Principal) -> None:
    if draft_id is None:
        return
    earlier = draft_get(draft_id=draft_id, actor=actor)
    draft_save_named(kind=kind, name=name, payload=earlier.payload, actor=actor)
    draft_discard(draft_id=draft_id, actor=actor, missing_ok=True)
