"""Lists of documents for the API: filtered, counted from the kept sums, one page at a time. Constant statements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from documents.lifecycle import OPEN, Status
from documents.models import DocumentSummary
from documents.registry import DocumentType

OVERDUE = "overdue"
STATUSES = frozenset({*(status.value for status in Status), OVERDUE})
#: `?ordering=` -> columns; the key last, so that pages never overlap.
ORDERINGS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}", f"{sign}id")
    for name in ("issue_date", "due_date", "number", "total", "open_amount", "created_at")
    for sign in ("", "-")
}
NEWEST = ("-issue_date", "-id")


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """What a list is filtered by; empty filters nothing. `party_id`: the customer or the supplier."""

    status: str = ""
    party_id: uuid.UUID | None = None
    number: str = ""
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    search: str = ""
    today: dt.date | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the kept counts know the answer."""
        return self.status != OVERDUE and not (
            self.party_id or self.number or self.date_from or self.date_to or self.search
        )


def filtered(
    kind: DocumentType[Any, Any],
    wanted: DocumentQuery,
    *,
    party: str,
    found_by: Callable[[str], Q],
) -> QuerySet[Any]:
    """Return the documents that match; `found_by` says how a searched text is looked up."""
    rows: QuerySet[Any] = kind.header.objects.all()
    if wanted.status == OVERDUE:
        rows = rows.filter(status__in=sorted(OPEN), due_date__lt=wanted.today)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.party_id:
        rows = rows.filter(**{f"{party}_id": wanted.party_id})
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    if wanted.date_from:
        rows = rows.filter(issue_date__gte=wanted.date_from)
    if wanted.date_to:
        rows = rows.filter(issue_date__lte=wanted.date_to)
    if wanted.search:
        rows = rows.filter(found_by(wanted.search))
    return rows


def count(kind: DocumentType[Any, Any], wanted: DocumentQuery, rows: QuerySet[Any]) -> int:
    """Return how many match: from the kept counts when nothing but the state is asked for."""
    if not wanted.is_counted:
        return rows.count()
    kept = DocumentSummary.objects.filter(kind=kind.kind)
    if wanted.status:
        kept = kept.filter(status=wanted.status)
    # a row for each state and currency: adding them here costs less than writing an aggregate
    return sum(kept.values_list("document_count", flat=True))


def page(
    kind: DocumentType[Any, Any],
    rows: QuerySet[Any],
    *,
    start: int,
    stop: int,
    count: int,
    party: str,
    order: Sequence[str] = NEWEST,
    columns: Sequence[str] = (),
) -> list[Any]:
    """Return the rows of a page with their parties, or only `columns` of them as tuples: keys first by index, then the rows.

    A page in the second half is counted from the end, so the last page costs what the first does.
    """
    stop = min(stop, count)
    if start >= stop:
        return []
    if columns and start == 0:
        return list(rows.order_by(*order).values_list(*columns)[:stop])
    if start > count // 2:
        turned = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
        keys = rows.order_by(*turned).values("pk")[count - stop : count - start]
    else:
        keys = rows.order_by(*order).values("pk")[start:stop]
    found = kind.header.objects.filter(pk__in=keys).order_by(*order)
    if columns:
        return list(found.values_list(*columns))
    return list(
        found.select_related(party).defer(
            "seller", "buyer", "tax_breakdown", "notes", "notes_arabic"
        )
    )


def page_and_count(
    kind: DocumentType[Any, Any],
    wanted: DocumentQuery,
    rows: QuerySet[Any],
    *,
    start: int,
    stop: int,
    party: str,
    order: Sequence[str] = NEWEST,
    columns: Sequence[str] = (),
) -> tuple[list[Any], int]:
    """Return a page, as `page` does, and how many match. A first page that is not full needs no counting."""
    known = stop if start == 0 and not wanted.is_counted else count(kind, wanted, rows)
    found = page(
        kind, rows, start=start, stop=stop, count=known, party=party, order=order, columns=columns
    )
    if start == 0 and not wanted.is_counted:
        known = len(found) if len(found) < stop else count(kind, wanted, rows)
    return found, known
