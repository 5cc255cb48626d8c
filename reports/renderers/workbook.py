"""A report as an Excel workbook: real numbers and days, headed in both languages, never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.renderers.cells import currency_of, number_format
from web.tables import Cell, Column, ReportTable, Row

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A sheet holds 1,048,576 rows; what is more continues on the next one.
ROWS_A_SHEET = 1_000_000
_BOLD, _PLAIN, _TITLE = Font(bold=True), Font(), Font(bold=True, size=14)
_RULE = Border(top=Side(style="thin"))
_SHEET_NAME_LENGTH = 31


def _text(sheet: Worksheet, value: str, font: Font = _PLAIN, indent: int = 0) -> WriteOnlyCell:
    """A cell that is text whatever it begins with, also after somebody has edited it."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.font = font
    if indent:
        cell.alignment = Alignment(indent=indent)
    return cell


def _in_languages(label: object) -> list[str]:
    """Return a label in each language, the active one first, each text once."""
    found = [str(label)]
    if isinstance(label, Promise):
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.append(str(label))
    return list(dict.fromkeys(found))


def _cell(
    sheet: Worksheet, column: Column, value: Cell, row: Row, currency: str
) -> WriteOnlyCell | None:
    if value is None or value == "":
        return None
    font = _PLAIN if row.kind == "row" else _BOLD
    if isinstance(value, str) or (not isinstance(value, (Decimal, int)) and column.kind != "date"):
        return _text(sheet, str(value), font)
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format(column, currency)
    cell.font = font
    if row.kind in ("subtotal", "total"):
        cell.border = _RULE
    return cell


def _new_sheet(book: Workbook, table: ReportTable, heading: Sequence[str]) -> Worksheet:
    title = "".join(c for c in str(table.title) if c not in r"[]:*?/\'")[:_SHEET_NAME_LENGTH]
    sheet = book.create_sheet(title or "Report")
    sheet.sheet_view.rightToLeft = get_language_bidi()
    for index, column in enumerate(table.columns, start=1):
        width = 44 if column.wide else (16 if column.is_number else 20)
        sheet.column_dimensions[get_column_letter(index)].width = width
    headings = [_in_languages(column.label) for column in table.columns]
    deep = max((len(one) for one in headings), default=1)
    top = [line for line in heading if line]
    # must be said before the first row is written
    sheet.freeze_panes = f"A{len(top) + deep + 1}"
    sheet.print_title_rows = f"{len(top) + 1}:{len(top) + deep}"
    sheet.page_setup.orientation = "landscape" if len(table.columns) > 6 else "portrait"  # fits A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for number, line in enumerate(top):
        sheet.append([_text(sheet, line, _TITLE if number == 0 else _PLAIN)])
    for level in range(deep):
        sheet.append(
            [_text(sheet, one[level] if level < len(one) else "", _BOLD) for one in headings]
        )
    return sheet


def write_workbook(table: ReportTable, target: IO[bytes], *, heading: Sequence[str]) -> int:
    """Write the workbook; `heading` are the lines above the table. Memory stays flat. Returns the number of rows."""
    book = Workbook(write_only=True)
    count = _write_rows(book, table, table.lines(), heading)
    book.save(target)
    return count


def _write_rows(
    book: Workbook, table: ReportTable, rows: Iterable[Row], heading: Sequence[str]
) -> int:
    sheet = _new_sheet(book, table, heading)
    first_text = next((one.key for one in table.columns if not one.is_number), "")
    count = 0
    for row in rows:
        if count and count % ROWS_A_SHEET == 0:
            sheet = _new_sheet(book, table, heading)
        currency = currency_of(table, row)
        cells: list[Any] = [
            _cell(sheet, column, row.cells.get(column.key), row, currency)
            for column in table.columns
        ]
        if row.level:
            _indent(cells, table.columns, first_text, row.level)
        sheet.append(cells)
        count += 1
    return count


def _indent(cells: list[Any], columns: Sequence[Column], key: str, level: int) -> None:
    for cell, column in zip(cells, columns, strict=True):
        if cell is not None and not column.is_number and (column.wide or column.key == key):
            cell.alignment = Alignment(indent=level)
