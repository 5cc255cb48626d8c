"""Pages of lists people read: page numbers in the address, unreadable ones are the first page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from core.errors import DomainError
from core.inputs import parse_date
from core.text import search_key

PAGE_SIZE = 50


class CountedPaginator(Paginator):
    """A paginator that is told its count instead of asking the database."""

    def __init__(self, count: int, per_page: int = PAGE_SIZE) -> None:
        super().__init__([], per_page)
        self.count = count


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, from 1."""
    text = request.GET.get("page", "1")
    return (
        int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else 1
    )  # digits of an integer


def paginate(request: HttpRequest, rows: QuerySet[Any], per_page: int = PAGE_SIZE) -> Page[Any]:
    """Return the page asked for; beyond the last one, the last."""
    return Paginator(rows, per_page).get_page(page_number(request))


def search_text(request: HttpRequest) -> str:
    """Return what is searched for, as a search key."""
    return search_key(request.GET.get("q", "")[:100].replace("\0", ""))


def day_in(request: HttpRequest, name: str) -> dt.date | None:
    """Return a date of the address; unreadable ones are left out, so an old link still opens."""
    try:
        return parse_date(request.GET.get(name), field=name, earliest=1990)
    except DomainError:
        return None
