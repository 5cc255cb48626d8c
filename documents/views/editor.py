"""The split-screen editor of every document: its page, and the one call that saves or posts what was typed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_uuid
from core.money import minor_digits
from documents.lifecycle import Status
from documents.models import Draft
from documents.pages import DocumentPages, Save, address
from documents.selectors.drafts import draft_autosaved, drafts_named
from documents.services.drafts import draft_discard, draft_get, drafts_discard_of
from documents.versions import Conflict
from documents.views.answers import call, once, problem, read_json
from documents.views.words import editor_text
from tenancy.context import by_key
from tenancy.permissions import View, page, principal_of, require
from tenancy.principal import Principal


def _draft_block(draft: Draft | None, *, opened: bool) -> dict[str, Any] | None:
    if draft is None:
        return None
    return {
        "id": "" if opened else str(draft.pk),
        "opened": opened,
        "payload": draft.payload,
        "saved_at": draft.updated_at.isoformat(),
        "version": draft.version,
    }


def _urls(pages: DocumentPages, principal: Principal) -> dict[str, str]:
    """Return the addresses the scripts call; pages the person may not open are empty."""
    party = pages.party
    return {
        "save": reverse(pages.names["save"]),
        "draft": reverse(pages.names["draft"]),
        **{key: address(name) for key, name in pages.lookups.items()},
        "newItem": address(pages.new_item_page)
        if principal.has(pages.new_item_permission or pages.may("create"))
        else "",
        "newParty": address(party.new_page) if principal.has(party.edit) else "",
    }


def _described(pages: DocumentPages) -> dict[str, Any]:
    """Return fields, columns and VAT choices as the scripts read them."""
    party = pages.party
    return {
        "party": {"field": party.field, "block": party.block, "then": party.then},
        "fields": [
            {"name": one.name, "kind": one.kind, "shown": one.shown, "check": one.check}
            for one in pages.fields
        ],
        "columns": [
            {
                "name": one.name,
                "kind": one.kind,
                "required": one.required,
                "sums": one.sums,
                "lookup": one.lookup,
            }
            for one in pages.all_columns
        ],
    }


def editor_page(
    request: HttpRequest,
    pages: DocumentPages,
    *,
    document: Any,
    payload: dict[str, Any],
    party: dict[str, Any] | None,
    opened: Draft | None = None,
) -> HttpResponse:
    """Return the editor with a document, or an empty one."""
    principal = principal_of(request)
    draft = opened or draft_autosaved(
        kind=pages.kind, document_id=document.pk if document else None, actor=principal
    )
    own = principal.currency
    choices = pages.choices(principal)
    vat = list(pages.vat_choices())
    name = f"{principal.company_id}:{principal.user_id}:{document.pk if document else 'new'}"
    kept_under = "mizan" if pages.kind == "ar.invoice" else f"mizan:{pages.kind}"
    config = {
        "key": str(uuid.uuid4()),
        "document": str(document.pk) if document else "",
        "version": document.version if document else None,
        "storage": f"{kept_under}:{name}",
        "currency": own,
        "digits": {code: minor_digits(code) for code, _label in choices["currencies"]},
        "terms": principal.company.get("payment_terms_days") or 0,
        "today": local_today().isoformat(),
        "canPost": principal.has(pages.may("post")),
        "language": principal.language,
        "payload": payload,
        "choice": party,
        "draft": _draft_block(draft, opened=opened is not None),
        "urls": _urls(pages, principal),
        "vat": [
            {
                "value": one.value,
                "category": one.category,
                "rate": one.rate,
                "code": one.code,
                "title": str(one.title),
                "asks": one.asks,
            }
            for one in vat
        ],
        "text": editor_text(pages),
        **_described(pages),
    }
    context = {
        "pages": pages,
        "document": document,
        "config": config,
        "choices": choices,
        "vat_choices": vat,
        "drafts": drafts_named(kind=pages.kind, actor=principal),
        "payload": payload,
        "can_post": principal.has(pages.may("post")),
        # the editor needs the width
        "rail_width": "narrow",
        "title": pages.words.draft if document else pages.words.new,
    }
    return render(request, "documents/editor.html", context)


def _asked_party(request: HttpRequest, pages: DocumentPages) -> dict[str, Any] | None:
    """Return the party named in the address as the picker shows it, or None."""
    asked = request.GET.get(pages.party.field)
    if not asked:
        return None
    try:
        party_id = parse_uuid(asked, field=pages.party.field)
    except DomainError:
        return None
    rows = list(pages.party.model.objects.filter(pk=party_id, is_active=True))
    found = pages.party.choices(rows, principal_of(request).currency)
    return found[0] if found else None


def create_page(pages: DocumentPages) -> View:
    """Return the page of a new document."""

    @require_GET
    @page(pages.may("create"))
    def document_create_page(request: HttpRequest) -> HttpResponse:
        """Show an empty editor, for the party in the address when there is one."""
        principal = principal_of(request)
        payload: dict[str, Any] = {
            "issue_date": local_today().isoformat(),
            "currency": principal.currency,
            "lines": [],
        }
        party = _asked_party(request, pages)
        if pages.prefill is not None:
            started = pages.prefill(request, principal)
            party = started.pop("choice", None) or party
            payload |= started
        opened = None
        if kept := request.GET.get("draft"):
            opened = draft_get(draft_id=parse_uuid(kept, field="draft"), actor=principal)
        return editor_page(
            request, pages, document=None, payload=payload, party=party, opened=opened
        )

    return document_create_page


def edit_page(pages: DocumentPages) -> View:
    """Return the page of a draft in the editor."""

    @require_GET
    @page(pages.may("edit"))
    def document_edit_page(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Show a draft in the editor; a posted document goes to its own page."""
        found = pages.find(document_id)
        if found is None:
            raise Http404
        document, lines = found
        if document.status != Status.DRAFT:
            return redirect(pages.names["detail"], document.pk)
        party = pages.party.choices([pages.party_of(document)], principal_of(request).currency)[0]
        return editor_page(
            request,
            pages,
            document=document,
            payload=pages.payload(document, lines),
            party=party,
        )

    return document_edit_page


def save_call(pages: DocumentPages, save: Save) -> View:
    """Return the call that saves and posts."""

    @require_POST
    @call(pages.may("create"))
    @once(f"{pages.kind}.save")
    def document_save(request: HttpRequest) -> HttpResponse:
        """Save what was typed, and post it when asked: {document, post, payload} -> {url, number, version}.

        409 on an outdated version carries the stored document, so that both sides can be compared field by field.
        """
        principal = principal_of(request)
        body = read_json(request.body)
        payload = body.get("payload") or {}
        document_id = (
            parse_uuid(body["document"], field="document") if body.get("document") else None
        )
        if document_id is not None:
            require(principal, pages.may("edit"))
        try:
            document = save(document_id, payload, body.get("post") is True, principal)
        except Conflict as error:
            return _conflict(pages, error, document_id)
        # in the same transaction: a late auto-save finds its draft gone and is refused
        if body.get("draft"):
            draft_discard(
                draft_id=parse_uuid(body["draft"], field="draft"), actor=principal, missing_ok=True
            )
        if document_id is not None:
            drafts_discard_of(kind=pages.kind, document_id=document_id, actor=principal)
        return JsonResponse(
            {
                "id": str(document.pk),
                "number": document.number,
                "status": document.status,
                "version": document.version,
                "url": reverse(pages.names["detail"], args=[document.pk]),
            },
            status=200 if document_id else 201,
        )

    return by_key(document_save)


def _conflict(pages: DocumentPages, error: Conflict, document_id: uuid.UUID | None) -> HttpResponse:
    answer = problem(error)
    found = pages.find(document_id) if document_id else None
    if found is None:
        return answer
    document, lines = found
    party = pages.party_of(document)
    return JsonResponse(
        {
            "code": error.code,
            "message": error.message,
            "version": error.current_version,
            "current": pages.payload(document, lines),
            "choice": {"name": party.name, "name_arabic": party.name_arabic},
        },
        status=409,
    )
