"""A report as lines of text with classes and links: what the page and the printed sheet draw, in one template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.renderers.cells import currency_of, for_people
from web.formats import MINUS
from web.tables import Column, ReportTable, Row


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A cell: its text, its classes, the address behind it."""

    text: str
    css: str
    url: str
    is_number: bool
    is_code: bool
    span: int = 1


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of a report with its cells as text."""

    kind: str
    css: str
    cells: tuple[DrawnCell, ...]


def _css(column: Column, text: str, level: int, *, first: bool) -> str:
    parts = []
    if column.is_number:
        parts.append("num")
    if column.wide:
        parts.append("wide")
    if text.startswith(MINUS):
        parts.append("is-negative")
    if first and level:
        parts.append(f"indent-{min(level, 4)}")
    return " ".join(parts)


def _indented(table: ReportTable) -> str:
    """Return the column that shows the level: the first wide one, else the first."""
    wide = next((one.key for one in table.columns if one.wide), "")
    return wide or (table.columns[0].key if table.columns else "")


def draw_row(table: ReportTable, row: Row, indented: str) -> DrawnRow:
    """Return one row ready to be written into a template."""
    currency = currency_of(table, row)
    if row.kind == "note":
        text = next((str(value) for value in row.cells.values() if value), "")
        cell = DrawnCell(text, "", "", is_number=False, is_code=False, span=len(table.columns))
        return DrawnRow("note", "note", (cell,))
    cells = []
    for column in table.columns:
        text = for_people(column, row.cells.get(column.key), currency)
        cells.append(
            DrawnCell(
                text,
                _css(column, text, row.level, first=column.key == indented),
                row.links.get(column.key, "") if text else "",
                column.is_number,
                column.kind == "code",
            )
        )
    css = {"row": "", "group": "group", "subtotal": "subtotal", "total": "total-row"}[row.kind]
    return DrawnRow(row.kind, css, tuple(cells))


def draw_rows(table: ReportTable, rows: Iterable[Row] | None = None) -> Iterator[DrawnRow]:
    """Yield the rows of a table ready for a template."""
    indented = _indented(table)
    for row in table.lines() if rows is None else rows:
        yield draw_row(table, row, indented)
