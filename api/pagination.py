"""Pages of a list: `{count, next, previous, results}`, 20 rows, at most 100 (design 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from api.cursors import continued, cursor_read, wrong_cursor
from core.errors import N_, DomainError

DEFAULT_SIZE = 20
MAX_SIZE = 100
#: Nobody reads further by page; a filter finds it.
MAX_PAGE = 1_000_000


class NoSuchPage(DomainError):
    """The page lies behind the last one."""

    code = "no_such_page"
    status = 404


def _whole(query: Mapping[str, str], name: str, default: int, maximum: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not 0 < len(text) <= 12 or int(text) < 1:
        raise DomainError(N_("Send a whole number from 1."), code="invalid", field=name)
    return min(int(text), maximum)


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are asked for."""

    number: int
    size: int

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return self.number * self.size


def page_of(query: Mapping[str, str]) -> Page:
    """Read `page` and `page_size`; a size over the cap is capped. Raises DomainError for no number."""
    return Page(_whole(query, "page", 1, MAX_PAGE), size_of(query))


def size_of(query: Mapping[str, str]) -> int:
    """Read `page_size`, 20 by default; over the cap it is capped. Raises DomainError for no number."""
    return _whole(query, "page_size", DEFAULT_SIZE, MAX_SIZE)


def paged(request: Request, page: Page, count: int, results: Sequence[Any]) -> Response:
    """Return the answer of one page. Raises NoSuchPage behind the last one."""
    if page.number > 1 and page.start >= count:
        raise NoSuchPage(N_("There is no such page."), field="page")
    address = request.build_absolute_uri()
    following = replace_query_param(address, "page", page.number + 1) if page.stop < count else None
    before: str | None = None
    if page.number == 2:  # the first page has no parameter
        before = remove_query_param(address, "page")
    elif page.number > 1:
        before = replace_query_param(address, "page", page.number - 1)
    return Response({"count": count, "next": following, "previous": before, "results": results})


def paged_query(
    request: Request, query: Mapping[str, str], rows: Any, shape: Callable[[Any], Any]
) -> Response:
    """Count a queryset, read one page of it, and answer with each row's shape. Two statements.

    By cursor it is read in the order in which its rows were made, in one statement.
    """
    if "cursor" in query:
        return _continued(request, query, rows, shape)
    page = page_of(query)
    count = rows.count()
    found = list(rows[page.start : page.stop]) if page.start < count else []
    return paged(request, page, count, [shape(row) for row in found])


def _continued(
    request: Request, query: Mapping[str, str], rows: Any, shape: Callable[[Any], Any]
) -> Response:
    if query.get("ordering"):
        raise DomainError(
            N_("By cursor the list comes in the order in which its rows were made."),
            code="invalid_choice",
            field="ordering",
        )
    size = size_of(query)
    for key in cursor_read(query["cursor"], 1):
        try:
            rows = rows.filter(pk__gt=rows.model._meta.pk.to_python(key))
        except ValidationError as error:
            raise wrong_cursor() from error
    # one more tells whether there is more
    found = list(rows.order_by("pk")[: size + 1])
    last = [found[size - 1].pk] if len(found) > size else None
    return continued(request, [shape(row) for row in found[:size]], last)
