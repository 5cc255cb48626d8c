"""Making, changing and removing drafts, and locking any document: the steps every kind shares."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from documents.errors import NotADraft
from documents.registry import DocumentType, HeaderT, LineT
from documents.services.lines import build_lines
from documents.services.loading import (
    document_for_update,
    draft_for_update,
    require_draft,
    require_editable,
    require_free_number,
)
from documents.stored import TOTAL_FIELDS, apply_totals
from documents.typed import TypedLine
from documents.typed_header import TypedDocument
from documents.versions import require_version
from tenancy.permissions import require
from tenancy.principal import Principal
from tenancy.rows import row_update, rows_delete, rows_insert

#: Columns of a header that every kind types; ledger.services.documents.header_fill puts them on the document.
HEADER_FIELDS = (
    "issue_date",
    "due_date",
    "supply_date",
    "currency",
    "exchange_rate",
    "number",
    "reference",
    "notes",
    "notes_arabic",
    "document_discount",
    "prices_include_tax",
)
#: What may still be edited on a posted document of any kind (design 5).
POSTED_FIELDS = ("notes", "notes_arabic", "due_date", "reference")
#: Where the rate is from: follows from what was typed.
_RATE_FIELDS = ("rate_source", "rate_date", "rate_reason")
_LOCK_FIELDS = ("is_locked", "locked_at", "locked_by", "version", "updated_at")


def actor_branch(actor: Principal) -> uuid.UUID:
    """Return the branch the actor works in: from the session, never from the body (PS-15)."""
    return uuid.UUID(actor.branch_id)


def lines_apply(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, lines: Iterable[TypedLine]
) -> list[LineT]:
    """Return unsaved rows of resolved lines, with the totals on them and on the document."""
    rows = build_lines(kind, document.pk, lines)
    apply_totals(document, rows)
    return rows


def draft_insert(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, rows: Sequence[LineT]
) -> None:
    """Insert a new document with its lines: two statements, however many lines (PS-4)."""
    rows_insert([document])
    rows_insert(rows)


def draft_open(
    kind: DocumentType[HeaderT, Any],
    *,
    document_id: uuid.UUID,
    typed: TypedDocument,
    own_fields: Iterable[str],
    actor: Principal,
) -> HeaderT:
    """Return the draft that an edit is about to replace: may be edited, typed on its version, its number free (SP-9)."""
    document = draft_for_update(kind, document_id, actor)
    names = [*own_fields, *(name for name in HEADER_FIELDS if name != "exchange_rate")]
    require_version(document, typed.version, wanted={name: getattr(typed, name) for name in names})
    require_free_number(kind, typed.number, other_than=document.pk)
    return document


def draft_save(document: HeaderT, own_fields: Iterable[str]) -> None:
    """Save what an edit may have changed on a draft's header."""
    document.version += 1
    fields = (*own_fields, *HEADER_FIELDS, *_RATE_FIELDS, *TOTAL_FIELDS, "version", "updated_at")
    row_update(document, fields)


def posted_open(
    kind: DocumentType[HeaderT, Any],
    *,
    document_id: uuid.UUID,
    changes: dict[str, Any],
    allowed: Iterable[str],
    version: int | None,
    actor: Principal,
) -> HeaderT:
    """Return a posted document whose notes, due date or reference are about to change; nothing fiscal ever does."""
    document = document_for_update(kind, document_id)
    require_editable(kind, document, actor)
    refused = sorted(set(changes) - set(allowed))
    if refused:
        raise NotADraft(kind.sentences.frozen, field=refused[0])
    require_version(document, version, wanted=changes)
    return document


def posted_save(document: HeaderT, changes: dict[str, Any], own_fields: Iterable[str] = ()) -> None:
    """Put the changes on a posted document and save them."""
    for name, value in changes.items():
        setattr(document, name, value)
    document.version += 1
    row_update(document, (*changes, *own_fields, "version", "updated_at"))


def document_delete(
    kind: DocumentType[HeaderT, LineT],
    *,
    document_id: uuid.UUID,
    actor: Principal,
    version: int | None = None,
) -> None:
    """Delete a draft with its lines (IF-4); a posted document is voided by its credit note instead."""
    document = document_for_update(kind, document_id)
    require(actor, kind.permission("delete"))
    require_editable(kind, document, actor)
    require_draft(kind, document)
    require_version(document, version)
    rows_delete(kind.line.objects.filter(document_id=document.pk))
    kind.header.objects.filter(pk=document.pk).delete()


def document_lock(
    kind: DocumentType[HeaderT, Any],
    *,
    document_id: uuid.UUID,
    actor: Principal,
    version: int | None = None,
) -> HeaderT:
    """Freeze a document (RR-3); only an owner, audited as LOCK. Locking a locked one changes nothing.

    Raises Conflict for another version than the one named.
    """
    document = document_for_update(kind, document_id)
    require(actor, kind.permission("lock"))
    require_version(document, version)
    if not document.is_locked:
        document.is_locked = True
        document.locked_at = timezone.now()
        document.locked_by_id = actor.user_id
        document.version += 1
        row_update(document, _LOCK_FIELDS)
    return document


def document_unlock(
    kind: DocumentType[HeaderT, Any],
    *,
    document_id: uuid.UUID,
    actor: Principal,
    version: int | None = None,
) -> HeaderT:
    """Open a locked document again (RR-3); only an owner, audited as UNLOCK.

    Raises Conflict for another version than the one named.
    """
    document = document_for_update(kind, document_id)
    require(actor, kind.permission("unlock"))
    require_version(document, version)
    if document.is_locked:
        document.is_locked = False
        document.locked_at = None
        document.locked_by = None
        document.version += 1
        row_update(document, _LOCK_FIELDS)
    return document
