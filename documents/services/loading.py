"""The first steps of every action on a document: lock the row, then ask role, lock, state and version, in this order."""

from __future__ import annotations

import re
import uuid
from functools import cache
from typing import Any

from core.errors import N_
from documents.errors import DocumentLocked, DocumentNotFound, DuplicateNumber, NotADraft
from documents.lifecycle import Status
from documents.registry import DocumentType, HeaderT
from tenancy.permissions import require
from tenancy.principal import Principal
from tenancy.statements import Statement, slot


@cache
def _locked(header: type[Any]) -> Statement[Any]:
    return Statement(header, lambda rows: rows.select_for_update().filter(pk=slot("id")))


@cache
def _numbered(header: type[Any]) -> Statement[uuid.UUID]:
    # drafts without a number are not in the index
    return Statement(
        header,
        lambda rows: (
            rows.filter(number=slot("number")).exclude(number="").values_list("pk", flat=True)
        ),
    )


def document_for_update(kind: DocumentType[HeaderT, Any], document_id: uuid.UUID) -> HeaderT:
    """Return the document, locked until the transaction ends. Raises DocumentNotFound."""
    found: HeaderT | None = _locked(kind.header).first(id=document_id)
    if found is None:
        raise DocumentNotFound(kind.sentences.missing)
    return found


def require_unlocked(kind: DocumentType[HeaderT, Any], document: HeaderT) -> None:
    """Raise DocumentLocked for a locked document: its state changes for nobody (RR-3)."""
    if document.is_locked:
        raise DocumentLocked(kind.sentences.locked)


def require_editable(kind: DocumentType[HeaderT, Any], document: HeaderT, actor: Principal) -> None:
    """Check role and lock (RR-2, RR-3): an owner edits, an accountant only while it is not locked."""
    require(actor, kind.permission("edit"))
    if actor.role != "owner":
        require_unlocked(kind, document)


def require_draft(kind: DocumentType[HeaderT, Any], document: HeaderT) -> None:
    """Raise NotADraft for a posted document."""
    if document.status != Status.DRAFT:
        raise NotADraft(kind.sentences.frozen)


def draft_for_update(
    kind: DocumentType[HeaderT, Any], document_id: uuid.UUID, actor: Principal
) -> HeaderT:
    """Return the draft, locked, for an actor who may edit it."""
    document = document_for_update(kind, document_id)
    require_editable(kind, document, actor)
    require_draft(kind, document)
    return document


def require_free_number(
    kind: DocumentType[HeaderT, Any], number: str, *, other_than: uuid.UUID | None = None
) -> None:
    """Raise DuplicateNumber when another document of the kind has the number (IF-5).

    Numbers in the form of our own series are refused too: the counter will come to them.
    """
    if not number:
        return
    prefixes = "|".join(re.escape(prefix) for prefix in (kind.prefix, *kind.taken_prefixes))
    if re.match(rf"(?:{prefixes})-[0-9]{{4}}-", number, re.IGNORECASE):
        raise DuplicateNumber(
            N_("Numbers of this form are given at posting; leave it empty."), field="number"
        )
    if any(pk != other_than for pk in _numbered(kind.header).all(number=number)):
        raise DuplicateNumber(kind.sentences.number_used, field="number")
