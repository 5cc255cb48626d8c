"""One cell for each kind of file: plain for programs, grouped for people, safe for spreadsheets. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from api.shapes import day, money, plain
from core.money import minor_digits
from core.text import spreadsheet_safe
from web.formats import format_amount, format_date, format_percent, format_quantity
from web.tables import Cell, Column, ReportTable, Row, Words


def currency_of(table: ReportTable, row: Row) -> str:
    """Return the currency of a row's amounts."""
    return row.currency or table.currency


def for_people(column: Column, value: Cell, currency: str) -> str:
    """Return a cell as a page or a printed report shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        if column.blank_zero and not value:
            return ""
        if column.kind == "money":
            return format_amount(value, currency)
        return format_percent(value) if column.kind == "percent" else format_quantity(value)
    if isinstance(value, dt.date):
        return format_date(value, (get_language() or "en")[:2])
    if column.kind == "count" and isinstance(value, int):
        return f"{value:,}"
    return str(value)


def for_program(column: Column, value: Cell, currency: str) -> Any:
    """Return a cell as the API sends it: decimals as strings, days as YYYY-MM-DD."""
    if isinstance(value, Decimal):
        return money(value, currency) if column.kind == "money" else plain(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, Words):
        return value.english
    return value


def row_for_program(table: ReportTable, row: Row) -> dict[str, Any]:
    """Return a row as the API sends it; a name in two languages gives `name` and `name_arabic`."""
    currency = currency_of(table, row)
    read = row.cells.get
    made: dict[str, Any] = {}
    if row.kind != "row":
        made["kind"] = row.kind
    for column in table.columns:
        key = column.key
        value = read(key)
        # most cells by far, and hundreds of thousands of them
        if column.kind == "money" and isinstance(value, Decimal):
            made[key] = money(value, currency)
            continue
        made[key] = for_program(column, value, currency)
        if isinstance(value, Words):
            made[f"{key}_arabic"] = value.arabic
    return made | dict(row.meta)


def for_file(column: Column, value: Cell, currency: str) -> str:
    """Return a cell of a CSV file: plain figures with a point, days as YYYY-MM-DD, texts that are no formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        found = money(value, currency) if column.kind == "money" else plain(value)
        return found or ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return spreadsheet_safe(str(value))


_FORMATS: Mapping[str, str] = {"percent": '0.##"%"', "count": "#,##0", "date": "yyyy-mm-dd"}


def number_format(column: Column, currency: str) -> str:
    """Return how a workbook shows a figure of the column."""
    if column.kind == "money":
        digits = minor_digits(currency)
        return "#,##0" + ("." + "0" * digits if digits else "")
    return _FORMATS.get(column.kind, "#,##0.######")
