"""Reports for tests: built through the registry, as page, API and export build them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from reports.asking import built
from reports.registry import BY_KEY
from tenancy.principal import Principal
from web.tables import ReportTable


def asked(actor: Principal, key: str, **query: object) -> Any:
    """Return a whole report with its rows read; typed loosely, as a test knows what each cell holds."""
    texts = {name.rstrip("_"): str(value) for name, value in query.items()}
    with transaction.atomic():
        _ask, table = built(BY_KEY[key], texts, actor.company, limit=None)
        return ReportTable(**{**_fields(table), "rows": list(table.rows)})


def _fields(table: ReportTable) -> dict[str, Any]:
    return {name: getattr(table, name) for name in ReportTable.__slots__}


def by(table: ReportTable, key: str, value: str) -> dict[str, Any]:
    """Return {cell of `key`: cell of `value`} of the plain rows."""
    return {
        str(row.cells.get(key)): row.cells.get(value) for row in table.rows if row.kind == "row"
    }


def row_named(table: ReportTable, text: str, column: str = "name") -> Any:
    """Return the one row with this text."""
    (row,) = [row for row in table.lines() if str(row.cells.get(column)) == text]
    return row


def tones(table: ReportTable) -> list[str]:
    """Return the tones of the remarks: "bad" and "warn" say that something does not add up."""
    return [one.tone for one in table.remarks if one.tone != "info"]


def total(table: ReportTable, column: str) -> Decimal:
    """Return a figure of the last total."""
    value = table.totals[-1].cells[column]
    assert isinstance(value, Decimal)
    return value
