"""A report as data: columns, rows, totals. Pure; drawn as a page, CSV, XLSX, PDF and JSON by `reports.renderers`.

Any app may build one; `reports.registry` gives it its page, its API address, its exports and its place in the palette.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: How a column is written: `money` in the row's or table's currency, `code` left to right, `count` whole numbers.
ColumnKind = Literal["text", "code", "date", "money", "quantity", "percent", "rate", "count"]
#: `group` heads what follows, `subtotal` and `total` close it, `note` is a sentence over the whole width.
RowKind = Literal["row", "group", "subtotal", "total", "note"]


class Words(NamedTuple):
    """A name in both languages; shown in the active one, the other where it is empty."""

    english: str
    arabic: str

    def __str__(self) -> str:
        if (get_language() or "").startswith("ar"):
            return self.arabic or self.english
        return self.english or self.arabic


Cell = str | Words | Decimal | int | dt.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `label` is lazy, so that a workbook can head it in both languages; `blank_zero` hides zeros."""

    key: str
    label: StrOrPromise
    kind: ColumnKind = "text"
    blank_zero: bool = False
    wide: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "quantity", "percent", "rate", "count")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column key. `links` opens the rows behind a figure; `meta` goes into the API's row only."""

    cells: Mapping[str, Cell]
    kind: RowKind = "row"
    level: int = 0
    links: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence above the table: what the reader must know. `tone`: info, good, warn, bad."""

    text: StrOrPromise
    tone: str = "info"
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """What a report shows. `rows` may be read once only; `totals` stand below them.

    `after` is the place where the next page begins, if any; `facts` are further fields of the API's answer.
    """

    title: StrOrPromise
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    currency: str
    totals: tuple[Row, ...] = ()
    subtitle: StrOrPromise = ""
    remarks: tuple[Remark, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""
    count: int | None = None
    empty_text: StrOrPromise = ""

    def lines(self) -> Iterator[Row]:
        """Yield rows and totals: what a file has from top to bottom."""
        yield from self.rows
        yield from self.totals
