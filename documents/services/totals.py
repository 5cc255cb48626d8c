"""Fill in and check stored totals of all documents of the current company (FT-3)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q

from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from documents.registry import DocumentType
from documents.stored import LINE_TOTAL_FIELDS, TOTAL_FIELDS, apply_totals, validate_totals

CHUNK = 200


def _chunks(
    kind: DocumentType, wanted: Q
) -> Iterator[list[tuple[DocumentHeader, list[DocumentLine]]]]:
    """Yield headers with their lines, some hundred at a time, in order of their keys."""
    after: Any = None
    while True:
        rows = kind.header.objects.filter(wanted).order_by("pk")
        headers = list((rows if after is None else rows.filter(pk__gt=after))[:CHUNK])
        if not headers:
            return
        after = headers[-1].pk
        lines = kind.line.objects.filter(document_id__in=[header.pk for header in headers])
        by_document = {
            key: list(group)
            for key, group in groupby(
                lines.order_by("document_id", "position"), key=lambda line: line.document_id
            )
        }
        yield [(header, by_document.get(header.pk, [])) for header in headers]


@transaction.atomic
def totals_populate(kind: DocumentType) -> int:
    """Compute the totals of drafts that have none, or wrong ones; returns how many were written.

    Posted documents are never touched: the database refuses it, and `totals_wrong` reports them. Safe to repeat.
    """
    written = 0
    for chunk in _chunks(kind, Q(status=Status.DRAFT)):
        for header, lines in chunk:
            if header.total is not None and not validate_totals(header, lines):
                continue
            changed = apply_totals(header, lines)
            if changed:
                kind.line.objects.bulk_update(changed, LINE_TOTAL_FIELDS)
            header.save(update_fields=[*TOTAL_FIELDS, "updated_at"])
            written += 1
    return written


def totals_wrong(kind: DocumentType) -> Iterator[tuple[DocumentHeader, list[str]]]:
    """Yield each document whose stored totals differ from a recomputation, with the names of those that do.

    Call inside a transaction: outside of one the database shows no rows.
    """
    for chunk in _chunks(kind, Q()):
        for header, lines in chunk:
            names = validate_totals(header, lines)
            if names:
                yield header, names
