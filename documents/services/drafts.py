"""Drafts of the editor: what somebody was typing, kept every two seconds, restored after a crash (IF-2).

Row-level security shows a draft to its own user only. One auto-saved draft (without name) exists for each user, kind
and document under edit. A save that arrives late, after the draft was discarded or its document posted, is refused
with DraftGone and never brings the draft back: each save names the draft it continues.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core.errors import N_, DomainError
from core.inputs import clean_text
from core.transactions import write
from documents.errors import DraftConflict, DraftGone, DraftNotFound
from documents.lifecycle import Status
from documents.models import Draft
from documents.registry import all_types, type_of
from tenancy.errors import NoCompany
from tenancy.principal import Principal

#: Typed state of 10,000 lines with descriptions fits; anything larger is not an invoice.
MAX_BYTES = 4_000_000
MAX_NAMED = 200


def _kind(kind: str) -> str:
    if kind not in {document_type.kind for document_type in all_types()}:
        raise DomainError(
            N_("There is no such kind of document."), code="unknown_kind", field="kind"
        )
    return kind


def clean_payload(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed state as plain JSON; amounts stay the text that was typed.

    Raises DomainError at `payload` when it is no object, too large, or holds text the database cannot keep.
    """
    if not isinstance(payload, Mapping):
        raise DomainError(N_("A draft is an object."), code="invalid", field="payload")
    text = json.dumps(payload, default=str, ensure_ascii=False)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise DomainError(
            N_("This text holds characters that cannot be kept."), code="bad_text", field="payload"
        ) from error
    if size > MAX_BYTES:
        raise DomainError(N_("This draft is too large."), code="too_large", field="payload")
    if "\\u0000" in text:
        raise DomainError(
            N_("This text holds characters that cannot be kept."), code="bad_text", field="payload"
        )
    return json.loads(text)  # dumped from a mapping above


def _require_document_open(kind: str, document_id: uuid.UUID | None) -> None:
    """Refuse to keep typing on a document that was posted or deleted meanwhile; waits for a posting under way."""
    if document_id is None:
        return
    status = (
        type_of(kind)
        .header.objects.select_for_update()
        .filter(pk=document_id)
        .values_list("status", flat=True)
        .first()
    )
    if status != Status.DRAFT:
        raise DraftGone(N_("This document was posted or deleted meanwhile."))


def _auto_saved(kind: str, document_id: uuid.UUID | None, actor: Principal) -> Draft | None:
    return (
        Draft.objects.select_for_update()
        .filter(user_id=actor.user_id, kind=kind, document_id=document_id, name="")
        .first()
    )


def _save(
    draft: Draft, payload: dict[str, Any], version: int | None, document_version: int | None
) -> Draft:
    if version is not None and version != draft.version:
        raise DraftConflict(draft)
    draft.payload = payload
    draft.document_version = (
        document_version if document_version is not None else draft.document_version
    )
    draft.version += 1
    draft.save(update_fields=["payload", "document_version", "version", "updated_at"])
    return draft


@write
def draft_autosave(
    *,
    kind: str,
    payload: Mapping[str, Any],
    actor: Principal,
    document_id: uuid.UUID | None = None,
    version: int | None = None,
    draft_id: uuid.UUID | None = None,
    document_version: int | None = None,
) -> Draft:
    """Keep the typed state: one row for each user, kind and document.

    `draft_id` is the draft this save continues (None: the first save of this editor), `version` the one it last saw.
    Raises DraftGone when that draft was discarded, DraftConflict (409, with the stored draft) when it is newer.
    """
    _require_company(actor)
    _kind(kind)
    content = clean_payload(payload)
    _require_document_open(kind, document_id)
    if draft_id is not None:
        draft = Draft.objects.select_for_update().filter(pk=draft_id, kind=kind).first()
        if draft is None:
            raise DraftGone(N_("This draft was discarded or became a document."))
        return _save(draft, content, version, document_version)
    draft = _auto_saved(kind, document_id, actor)
    if draft is None:
        if version:
            raise DraftGone(N_("This draft was discarded or became a document."))
        try:
            with transaction.atomic():
                return Draft.objects.create(
                    user_id=actor.user_id,
                    kind=kind,
                    document_id=document_id,
                    document_version=document_version,
                    payload=content,
                )
        except IntegrityError:
            # a second tab made it in the same moment
            draft = _auto_saved(kind, document_id, actor)
            if draft is None:
                raise DraftGone(N_("This draft was discarded or became a document.")) from None
    return _save(draft, content, version, document_version)


@write
def draft_save_named(
    *,
    kind: str,
    name: str,
    payload: Mapping[str, Any],
    actor: Principal,
    document_id: uuid.UUID | None = None,
) -> Draft:
    """Keep a draft under a name; the same name again replaces its content."""
    _require_company(actor)
    _kind(kind)
    title = clean_text(name, field="name", min_length=1, max_length=120)
    content = clean_payload(payload)
    named = Draft.objects.select_for_update().filter(user_id=actor.user_id, kind=kind)
    draft = named.filter(name=title).first()
    if draft is not None:
        return _save(draft, content, None, None)
    if Draft.objects.filter(user_id=actor.user_id).exclude(name="").count() >= MAX_NAMED:
        raise DomainError(
            N_("You have 200 drafts; delete some first."), code="too_many_drafts", field="name"
        )
    return Draft.objects.create(
        user_id=actor.user_id, kind=kind, name=title, document_id=document_id, payload=content
    )


def draft_latest(
    *, kind: str, actor: Principal, document_id: uuid.UUID | None = None, any_document: bool = False
) -> Draft | None:
    """Return the newest draft of the user for new documents of a kind, or for one document.

    `any_document` looks at all of them. None when there is none.
    """
    _require_company(actor)
    drafts = Draft.objects.filter(user_id=actor.user_id, kind=_kind(kind))
    if not any_document:
        drafts = drafts.filter(document_id=document_id)
    return drafts.order_by("-updated_at").first()


def draft_list(*, actor: Principal, kind: str | None = None) -> list[Draft]:
    """Return the user's drafts, newest first, without their content."""
    _require_company(actor)
    drafts = Draft.objects.filter(user_id=actor.user_id)
    if kind is not None:
        drafts = drafts.filter(kind=_kind(kind))
    return list(drafts.defer("payload").order_by("-updated_at")[: MAX_NAMED + 100])


def draft_get(*, draft_id: uuid.UUID, actor: Principal) -> Draft:
    """Return one draft of the user. Raises DraftNotFound."""
    _require_company(actor)
    draft = Draft.objects.filter(pk=draft_id, user_id=actor.user_id).first()
    if draft is None:
        raise DraftNotFound(N_("There is no such draft."))
    return draft


@write
def draft_discard(*, draft_id: uuid.UUID, actor: Principal, missing_ok: bool = False) -> bool:
    """Delete a draft for good; returns whether it was there. Raises DraftNotFound unless `missing_ok`."""
    _require_company(actor)
    deleted, _ = Draft.objects.filter(pk=draft_id, user_id=actor.user_id).delete()
    if not deleted and not missing_ok:
        raise DraftNotFound(N_("There is no such draft."))
    return bool(deleted)


@write
def drafts_discard_of(*, kind: str, document_id: uuid.UUID, actor: Principal) -> None:
    """Delete the user's drafts for a document that was posted or deleted.

    Other users' drafts for it are out of sight; their next save is refused with DraftGone.
    """
    Draft.objects.filter(user_id=actor.user_id, kind=kind, document_id=document_id).delete()


def _require_company(actor: Principal) -> None:
    if actor.company_id is None:
        raise NoCompany(N_("You do not work for this company."))
