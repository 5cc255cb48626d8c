"""Posting: the steps every kind shares, from the locked draft to the saved document (design 6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.errors import N_
from core.timing import phase
from documents.errors import NoLines
from documents.lifecycle import Status
from documents.registry import DocumentType, HeaderT, LineT
from documents.services.lines import lines_of
from documents.services.loading import document_for_update, require_draft, require_unlocked
from documents.services.numbering import format_number, numbers_take
from documents.stored import LINE_TOTAL_FIELDS, TOTAL_FIELDS, apply_totals
from documents.versions import require_version
from tenancy.permissions import require
from tenancy.principal import Principal
from tenancy.rows import row_update, rows_insert

#: Columns that posting writes on every kind; a kind names its own besides.
POSTING_FIELDS = (
    *TOTAL_FIELDS,
    "number",
    "series",
    "sequence_number",
    "status",
    "issued_at",
    "posted_at",
    "posted_by",
    "seller",
    "buyer",
    "base_total",
    "base_tax_amount",
    "version",
    "updated_at",
)


def posting_open(
    kind: DocumentType[HeaderT, LineT],
    *,
    document_id: uuid.UUID,
    actor: Principal,
    version: int | None,
) -> tuple[HeaderT, list[LineT]]:
    """Return the draft that is about to be posted and its lines, both with totals that agree. Raises NoLines."""
    with phase("load"):
        document = document_for_update(kind, document_id)
        require(actor, kind.permission("post"))
        require_unlocked(kind, document)
        require_draft(kind, document)
        require_version(document, version)
        lines = lines_of(kind, document.pk)
        if not lines:
            raise NoLines(N_("Add at least one line."), field="lines")
    changed = apply_totals(document, lines)
    if changed:
        with phase("lines"):
            kind.line.objects.bulk_update(changed, LINE_TOTAL_FIELDS)
    return document, lines


def number_take(kind: DocumentType[HeaderT, Any], document: HeaderT) -> None:
    """Give the document the next number of its series, unless the user typed one."""
    if document.number:
        return
    name, prefix = (kind.kind, kind.prefix)
    if kind.series_of is not None:
        name, prefix = kind.series_of(document)
    with phase("number"):
        series, (number,) = numbers_take(
            branch_id=document.branch_id, kind=name, prefix=prefix, year=document.issue_date.year
        )
    document.series, document.sequence_number = series, number
    document.number = format_number(series, number)


def mark_posted(
    document: HeaderT,
    *,
    base_total: Decimal,
    base_tax: Decimal,
    seller: Mapping[str, str],
    buyer: Mapping[str, str],
    actor: Principal,
) -> None:
    """Freeze amounts in base currency, both parties, time and state on a document that is about to be saved."""
    now = timezone.now()
    document.base_total, document.base_tax_amount = base_total, base_tax
    document.seller, document.buyer = dict(seller), dict(buyer)
    document.issued_at = document.posted_at = now
    document.posted_by_id = actor.user_id
    # nothing to pay: paid at once (accounting.md section 6)
    document.status = Status.POSTED if document.total else Status.PAID


def posted_update(document: HeaderT, own_fields: Sequence[str] = ()) -> None:
    """Save a draft that has become posted."""
    with phase("save"):
        document.version += 1
        row_update(document, (*POSTING_FIELDS, *own_fields))


def posted_insert(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, lines: Sequence[LineT]
) -> None:
    """Insert a document that is born posted: the lines first, then the header, so nothing is written twice."""
    with phase("insert"):
        rows_insert(lines)
        rows_insert([document])


def mark_void(document: HeaderT) -> None:
    """Set a document void whose credit note has settled all of it."""
    document.refresh_from_db()
    document.status = Status.VOID
    document.version += 1
    row_update(document, ("status", "version", "updated_at"))
