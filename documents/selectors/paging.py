"""Lists of documents for the API: filtered, counted from the kept sums, one page at a time. Constant statements.

What people and programs ask again and again, the first page and the rows behind a cursor, runs statements written once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from documents.lifecycle import OPEN, Status
from documents.models import DocumentHeader, DocumentSummary
from tenancy.statements import Statement, Value, behind, fixed, slot

OVERDUE = "overdue"
STATUSES = frozenset({*(status.value for status in Status), OVERDUE})
#: `?ordering=` -> columns; the key last, so that pages never overlap.
ORDERINGS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}", f"{sign}id")
    for name in ("issue_date", "due_date", "number", "total", "open_amount", "created_at")
    for sign in ("", "-")
}
NEWEST = ("-issue_date", "-id")
#: Orders in which a cursor reads: by columns that are never empty. Ids are ordered by the time of making.
CURSOR_ORDERINGS: dict[str, tuple[str, ...]] = {
    "-issue_date": NEWEST,
    "issue_date": ("issue_date", "id"),
    "-created_at": ("-id",),
    "created_at": ("id",),
}
_SEARCH = "search"


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


@dataclass(frozen=True, slots=True)
class Listing:
    """How documents of one kind are listed.

    `find` looks a searched text up and returns values by name; `where` says with those values which documents match.
    `columns`: what a row shows, made by `make` of their values; without, whole documents with their `party`.
    """

    kind: str
    header: type[DocumentHeader]
    party: str
    find: Callable[[str], dict[str, Any]]
    where: Callable[[Value], Q]
    columns: tuple[str, ...] = ()
    make: Callable[[Any], Any] | None = None


def _asked(listing: Listing, wanted: DocumentQuery) -> dict[str, Any]:
    """Return the filters that are set, by lookup."""
    asked: dict[str, Any] = {}
    if wanted.status == OVERDUE:
        asked |= {"status__any_of": sorted(OPEN), "due_date__lt": wanted.today}
    elif wanted.status:
        asked["status"] = wanted.status
    for lookup, value in (
        (f"{listing.party}_id", wanted.party_id),
        ("number", wanted.number),
        ("issue_date__gte", wanted.date_from),
        ("issue_date__lte", wanted.date_to),
    ):
        if value:
            asked[lookup] = value
    return asked


def _where(listing: Listing, names: Sequence[str], value: Value) -> Q:
    matching = Q()
    for name in names:
        matching &= listing.where(value) if name == _SEARCH else Q(**{name: value(name)})
    return matching


def _shown(listing: Listing, rows: QuerySet[Any]) -> QuerySet[Any]:
    if listing.columns:
        return rows.values_list(*listing.columns)
    unread = ("seller", "buyer", "tax_breakdown", "notes", "notes_arabic")
    return rows.select_related(listing.party).defer(*unread)


@lru_cache(maxsize=1024)
def _first(
    listing: Listing, names: tuple[str, ...], order: tuple[str, ...], size: int, *, is_behind: bool
) -> Statement[Any]:
    """Return the statement of the first `size` documents that match, or of those behind the values of a cursor."""

    def build(rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.filter(_where(listing, names, slot))
        if is_behind:
            rows = rows.filter(behind(listing.header, order))
        return _shown(listing, rows.order_by(*order))[:size]

    return Statement(listing.header, build)


_KEPT: Statement[int] = Statement(
    DocumentSummary,
    lambda rows: rows.filter(kind=slot("kind")).values_list("document_count", flat=True),
)
_KEPT_OF_STATUS: Statement[int] = Statement(
    DocumentSummary,
    lambda rows: rows.filter(kind=slot("kind"), status=slot("status")).values_list(
        "document_count", flat=True
    ),
)


class _Found:
    """The documents of one question."""

    def __init__(self, listing: Listing, wanted: DocumentQuery) -> None:
        self.listing, self.wanted = listing, wanted
        self.values = _asked(listing, wanted)
        self.names = tuple(self.values)
        if wanted.search:
            self.names += (_SEARCH,)
            self.values |= listing.find(wanted.search)

    def rows(self) -> QuerySet[Any]:
        matching = _where(self.listing, self.names, fixed(self.values))
        rows: QuerySet[Any] = self.listing.header.objects.filter(matching)
        return rows

    def first(self, order: tuple[str, ...], size: int, after: Sequence[Any] = ()) -> list[Any]:
        statement = _first(self.listing, self.names, order, size, is_behind=bool(after))
        behind_values = {f"after_{index}": value for index, value in enumerate(after)}
        return self._made(statement.all(**self.values, **behind_values))

    def _made(self, rows: list[Any]) -> list[Any]:
        make = self.listing.make
        return rows if make is None else [make(row) for row in rows]

    def count(self) -> int:
        if not self.wanted.is_counted:
            return self.rows().count()
        kept = _KEPT_OF_STATUS if self.wanted.status else _KEPT
        # a row for each state and currency
        return sum(kept.all(kind=self.listing.kind, status=self.wanted.status))

    def deep(self, order: tuple[str, ...], start: int, stop: int, count: int) -> list[Any]:
        """Return a later page: keys first by index, then the rows. One in the second half is counted from the end."""
        if start > count // 2:
            turned = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
            keys = self.rows().order_by(*turned).values("pk")[count - stop : count - start]
        else:
            keys = self.rows().order_by(*order).values("pk")[start:stop]
        found = self.listing.header.objects.filter(pk__in=keys).order_by(*order)
        return self._made(list(_shown(self.listing, found)))


def page_and_count(
    listing: Listing,
    wanted: DocumentQuery,
    *,
    start: int,
    stop: int,
    order: tuple[str, ...] = NEWEST,
) -> tuple[list[Any], int]:
    """Return the documents of a page and how many match. A first page that is not full needs no counting."""
    found = _Found(listing, wanted)
    if start == 0:
        rows = found.first(order, stop)
        return rows, found.count() if len(rows) == stop or wanted.is_counted else len(rows)
    count = found.count()
    stop = min(stop, count)
    return ([] if start >= stop else found.deep(order, start, stop, count)), count


def page_behind(
    listing: Listing,
    wanted: DocumentQuery,
    *,
    after: Sequence[Any],
    size: int,
    order: tuple[str, ...] = NEWEST,
) -> list[Any]:
    """Return the next documents behind the values `after` of the columns of `order`; the first ones without values.

    Any depth costs what the first page does. One more than `size` is read, which tells whether there is more.
    """
    return _Found(listing, wanted).first(order, size + 1, after)
