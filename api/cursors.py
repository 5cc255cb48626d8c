"""Cursors: a list read to any depth at the cost of its first page, without gaps while rows are added (design 10).

`?cursor=*` begins; `next` of each answer leads on until it is null. Nothing is counted.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.errors import N_, DomainError

START = "*"
CURSOR_TEXT = (
    "`*` begins to read the list by cursor, then the one in `next`: any depth at the cost of the first page, "
    "and no gaps while rows are added. `count` is null."
)


class WrongCursor(DomainError):
    """The cursor is none that a list has given."""

    code = "wrong_cursor"


def wrong_cursor() -> WrongCursor:
    """Return the refusal of a cursor that no list has given."""
    return WrongCursor(N_("Take the cursor from `next` of a list."), field="cursor")


def cursor_written(values: Sequence[Any]) -> str:
    """Return the cursor behind a row with these values of the columns the list is ordered by."""
    text = json.dumps([str(value) for value in values]).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def cursor_read(text: str, length: int) -> list[str]:
    """Return the `length` values of a cursor, none of the one that begins. Raises WrongCursor."""
    if text == START:
        return []
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if (
        not isinstance(values, list)
        or len(values) != length
        or not all(isinstance(value, str) for value in values)
    ):
        raise wrong_cursor()
    return values


def continued(request: Request, results: Sequence[Any], behind: Sequence[Any] | None) -> Response:
    """Return one answer of a list read by cursor; `behind` holds the last row's values where there is more."""
    following = (
        None
        if behind is None
        else replace_query_param(request.build_absolute_uri(), "cursor", cursor_written(behind))
    )
    return Response({"count": None, "next": following, "previous": None, "results": results})
