"""Lists of documents: filters from the address, pages to any depth, sums of the filter. Constant statements.

The page's ids are found on an index alone and joined to their rows afterwards, so that page 500 costs what page 1 does.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from core.errors import DomainError
from core.inputs import parse_date, parse_uuid
from core.text import search_key
from documents.lifecycle import OPEN, Status
from documents.models import DocumentSummary
from documents.pages import DocumentPages
from web.lists import CountedPaginator

PAGE_SIZE = 50
OVERDUE = "overdue"
STATES = ("", *(status.value for status in Status), OVERDUE)
_MOST_FOUND = 1000


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list shows. Empty values filter nothing; what cannot be read in an address is empty."""

    status: str = ""
    party_id: uuid.UUID | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    text: str = ""
    page: int = 1

    @property
    def only_status(self) -> bool:
        """Whether kept counts answer for it."""
        return not (self.party_id or self.date_from or self.date_to or self.text)


@dataclass(frozen=True, slots=True)
class Sums:
    """Count and sums in one currency."""

    currency: str
    count: int
    total: Decimal
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Chip:
    """A state with the number of its documents."""

    status: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list with the chips above and the sums below."""

    page: Any
    chips: tuple[Chip, ...]
    sums: tuple[Sums, ...]
    count: int
    party: Any = None


def _read(read: Any) -> Any:
    try:
        return read()
    except DomainError:
        return None


def read_filter(query: Mapping[str, str], party: str) -> DocumentFilter:
    """Return the filter of an address; unreadable parts are left out, so an old link still opens.

    `party` is the name of the party's field: customer or supplier.
    """
    status = query.get("status", "")
    number = query.get("page", "1")
    return DocumentFilter(
        status=status if status in STATES else "",
        party_id=_read(lambda: parse_uuid(query.get(party), field=party)),
        date_from=_read(lambda: parse_date(query.get("from"), field="from")),
        date_to=_read(lambda: parse_date(query.get("to"), field="to")),
        text=search_key(query.get("q", "")[:100].replace("\0", "")),
        page=int(number)
        if number.isascii() and number.isdigit() and len(number) < 9
        else 1,  # digits of an integer
    )


def _found(pages: DocumentPages, text: str) -> Q:
    """Return documents whose number or party has the text. Runs as functions: LIKE finds no index under RLS."""
    found = Q(**{f"{pages.party.field}_id__in": pages.party.found(text, _MOST_FOUND)})
    if pages.search_numbers is not None:
        return found | Q(pk__in=pages.search_numbers(text, _MOST_FOUND))
    return found | Q(number__istartswith=text)


def _rows(pages: DocumentPages, wanted: DocumentFilter, today: dt.date) -> QuerySet[Any]:
    rows: QuerySet[Any] = pages.header._default_manager.all()
    if wanted.status == OVERDUE:
        rows = rows.filter(status__in=sorted(OPEN), due_date__lt=today)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.party_id:
        rows = rows.filter(**{f"{pages.party.field}_id": wanted.party_id})
    if wanted.date_from:
        rows = rows.filter(issue_date__gte=wanted.date_from)
    if wanted.date_to:
        rows = rows.filter(issue_date__lte=wanted.date_to)
    if wanted.text:
        rows = rows.filter(_found(pages, wanted.text))
    return rows


def documents_found(
    pages: DocumentPages, wanted: DocumentFilter, *, today: dt.date
) -> QuerySet[Any]:
    """Return every document of a filter, newest first: what an export of the list has."""
    return _rows(pages, wanted, today).order_by("-issue_date", "-id")


def _sums_of(rows: QuerySet[Any]) -> tuple[Sums, ...]:
    grouped = (
        rows.order_by()
        .values("currency")
        .annotate(n=Count("*"), sum_total=Sum("total"), sum_open=Sum("open_amount"))
    )
    return tuple(
        Sums(
            row["currency"], row["n"], row["sum_total"] or Decimal(0), row["sum_open"] or Decimal(0)
        )
        for row in grouped.order_by("currency")
    )


def _page_rows(
    rows: QuerySet[Any], pages: DocumentPages, wanted: DocumentFilter, count: int
) -> list[Any]:
    """Return the page's documents. Pages in the second half are counted from the end."""
    start = (wanted.page - 1) * PAGE_SIZE
    end = min(start + PAGE_SIZE, count)
    if start >= end:
        return []
    newest_first = ("-issue_date", "-id")
    if start > count // 2:
        ids = rows.order_by("issue_date", "id").values("pk")[count - end : count - start]
    else:
        ids = rows.order_by(*newest_first).values("pk")[start:end]
    party = pages.party.field
    own = [one.name for one in pages.list_columns if one.kind in ("code", "text")]
    return list(
        rows.model.objects.filter(pk__in=ids)
        .select_related(party)
        .only(
            *COLUMNS,
            *own,
            *(f"{party}__{name}" for name in ("name", "name_arabic", "company_id")),
        )
        .order_by(*newest_first)
    )


COLUMNS = (
    "company_id",
    "number",
    "status",
    "issue_date",
    "due_date",
    "currency",
    "total",
    "open_amount",
    "is_locked",
)


def document_listing(pages: DocumentPages, wanted: DocumentFilter, *, today: dt.date) -> Listing:
    """Return a page of documents of one kind. At most six statements, whatever the number of documents."""
    kept = list(DocumentSummary.objects.filter(kind=pages.kind, document_count__gt=0))
    by_status: dict[str, int] = {}
    for row in kept:
        by_status[row.status] = by_status.get(row.status, 0) + row.document_count
    overdue: tuple[Sums, ...] = ()
    if pages.has_overdue:
        overdue = _sums_of(_rows(pages, DocumentFilter(status=OVERDUE), today))
    chips = [Chip("", sum(by_status.values()))]
    chips += [Chip(status.value, by_status.get(status.value, 0)) for status in Status]
    if pages.has_overdue:
        chips.insert(4, Chip(OVERDUE, sum(one.count for one in overdue)))
    rows = _rows(pages, wanted, today)
    if not wanted.only_status:
        sums = _sums_of(rows)
    elif wanted.status == OVERDUE:
        sums = overdue
    else:
        sums = _kept_sums(kept, wanted.status)
    count = sum(one.count for one in sums)
    paginator = CountedPaginator(count, PAGE_SIZE)
    wanted = replace(wanted, page=max(1, min(wanted.page, paginator.num_pages)))
    page = paginator.page(wanted.page)
    page.object_list = _page_rows(rows, pages, wanted, count)
    party = None
    if wanted.party_id:
        party = pages.party.model.objects.filter(pk=wanted.party_id).first()
    return Listing(page, tuple(chips), sums, count, party)


def _kept_sums(kept: Sequence[DocumentSummary], status: str) -> tuple[Sums, ...]:
    sums: dict[str, Sums] = {}
    for row in kept:
        if status and row.status != status:
            continue
        before = sums.get(row.currency) or Sums(row.currency, 0, Decimal(0), Decimal(0))
        sums[row.currency] = Sums(
            row.currency,
            before.count + row.document_count,
            before.total + row.total,
            before.open_amount + row.open_amount,
        )
    return tuple(sums[currency] for currency in sorted(sums))
