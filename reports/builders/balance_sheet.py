"""Balance sheet: classes 1 to 3 plus the result not closed yet; parties on the wrong side stand on the other one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from core.dates import add_months, fiscal_year, month_end, month_start
from ledger.models import Account
from ledger.selectors.balances import AccountTotals, account_balances
from reports import filters
from reports.builders.common import ZERO, account_link, late_postings, period_text, report_link
from reports.report import Ask, Report
from reports.selectors.positions import wrong_sides
from web.tables import Cell, Column, Remark, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RESULT_CLASSES = ("4", "5", "6", "7", "8")


def _starts(*prefixes: str) -> Callable[[str], bool]:
    return lambda code: code.startswith(prefixes)


@dataclass(frozen=True, slots=True)
class Block:
    """Accounts under one heading. `side` 1: assets, shown as debits; -1: the other side."""

    title: StrOrPromise
    holds: Callable[[str], bool]
    side: int


ASSETS = (
    Block(gettext_lazy("Current assets"), _starts("10", "11", "12", "13", "14"), 1),
    Block(
        gettext_lazy("Non-current assets"),
        lambda code: code.startswith("1") and not code.startswith(("10", "11", "12", "13", "14")),
        1,
    ),
)
LIABILITIES = (
    Block(
        gettext_lazy("Current liabilities"),
        lambda code: code.startswith("2") and not code.startswith("26"),
        -1,
    ),
    Block(gettext_lazy("Non-current liabilities"), _starts("26"), -1),
)
EQUITY = (Block(gettext_lazy("Equity"), _starts("3"), -1),)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: amounts by column, signed as its side shows them."""

    code: str
    name: Words
    amounts: dict[str, Decimal]
    url: str = ""


def compared_day(as_of: dt.date, compare: str) -> dt.date | None:
    """Return the day to compare with: the end of the month before, or a year before."""
    if compare == "month":
        return month_start(as_of) - dt.timedelta(days=1)
    if compare == "year":
        before = add_months(as_of, -12)
        return month_end(before) if as_of == month_end(as_of) else before
    return None


class _Sheet:
    """The balances of one or two days, cut into blocks."""

    def __init__(self, days: dict[str, dt.date], start_month: int) -> None:
        self.days = days
        self.start_month = start_month
        starts = {
            key: fiscal_year(day, start_month)[0] - dt.timedelta(days=1)
            for key, day in days.items()
        }
        asked = [*days.values(), *starts.values()]
        found = dict(zip(asked, account_balances(asked), strict=True))
        self.lines: dict[str, Line] = {}
        self.unclosed: dict[str, Decimal] = {}
        self.earlier: dict[str, Decimal] = {}
        for key, day in days.items():
            self._read(key, found[day])
            before = self._result(found[starts[key]])
            self.unclosed[key] = self._result(found[day]) - before
            self.earlier[key] = before

    @staticmethod
    def _result(rows: Sequence[AccountTotals]) -> Decimal:
        return -sum((row.balance for row in rows if row.code.startswith(RESULT_CLASSES)), ZERO)

    def _read(self, key: str, rows: Sequence[AccountTotals]) -> None:
        for row in rows:
            if row.code.startswith(RESULT_CLASSES) or not row.balance:
                continue
            line = self.lines.setdefault(
                row.code,
                Line(
                    row.code,
                    Words(row.name, row.name_arabic),
                    {},
                    account_link(row.code, last=self.days["amount"]),
                ),
            )
            line.amounts[key] = row.balance

    def add(self, code: str, name: Words, amounts: dict[str, Decimal], url: str = "") -> None:
        """Add amounts (debits positive) to a line; a line of nothing is left out."""
        if not any(amounts.values()):
            return
        line = self.lines.setdefault(code, Line(code, name, {}, url))
        for key, amount in amounts.items():
            line.amounts[key] = line.amounts.get(key, ZERO) + amount


def _named(role: str) -> tuple[str, Words]:
    account = (
        Account.objects.filter(role=role).only("code", "name", "name_arabic", "company_id").first()
    )
    if account is None:
        return "", Words("", "")
    return account.code, Words(account.name, account.name_arabic)


def _both(text: StrOrPromise) -> Words:
    return Words(str(text), str(text))


def _turn_sides(sheet: _Sheet, roles: dict[str, tuple[str, Words]]) -> None:
    """Show customers in credit as liabilities and suppliers in debit as assets."""
    customers: dict[str, Decimal] = {}
    suppliers: dict[str, Decimal] = {}
    for key, day in sheet.days.items():
        customers[key], suppliers[key] = wrong_sides(day)
    receivable, payable = roles["ar_control"], roles["ap_control"]
    day = sheet.days["amount"]
    sheet.add(*receivable, customers)
    sheet.add(
        f"{payable[0]}~",
        _both(_("Customers with a credit balance")),
        {key: -amount for key, amount in customers.items()},
        report_link("aged-receivables", as_of=day),
    )
    sheet.add(*payable, {key: -amount for key, amount in suppliers.items()})
    sheet.add(
        f"{receivable[0]}~",
        _both(_("Suppliers with a debit balance")),
        suppliers,
        report_link("aged-payables", as_of=day),
    )


def _add_result(sheet: _Sheet, role: tuple[str, Words], start_month: int) -> None:
    day = sheet.days["amount"]
    first = fiscal_year(day, start_month)[0]
    code, name = role
    sheet.add(
        code or "3320",
        name if code else _both(_("Result of the current year")),
        {key: -amount for key, amount in sheet.unclosed.items()},
        report_link("profit-and-loss", from_=first, to=day),
    )
    sheet.add(
        f"{code or '3320'}~",
        _both(_("Results of earlier years, not closed")),
        {key: -amount for key, amount in sheet.earlier.items()},
        report_link(
            "profit-and-loss", from_=add_months(first, -12), to=first - dt.timedelta(days=1)
        ),
    )


def _sum(lines: Sequence[Line], keys: Sequence[str], side: int) -> dict[str, Decimal]:
    return {key: side * sum((one.amounts.get(key, ZERO) for one in lines), ZERO) for key in keys}


def _cells(label: Cell, amounts: dict[str, Decimal], code: str = "") -> dict[str, Cell]:
    cells: dict[str, Cell] = {"code": code, "name": label, **amounts}
    if "compared" in amounts:
        cells["change"] = amounts["amount"] - amounts["compared"]
    return cells


def _block(
    sheet: _Sheet, block: Block, keys: Sequence[str]
) -> tuple[list[Row], dict[str, Decimal]]:
    lines = [sheet.lines[code] for code in sorted(sheet.lines) if block.holds(code)]
    if not lines:
        return [], dict.fromkeys(keys, ZERO)
    rows = [Row({"name": str(block.title)}, kind="group")]
    for one in lines:
        shown = {key: block.side * one.amounts.get(key, ZERO) for key in keys}
        links = {"name": one.url, "amount": one.url}
        rows.append(Row(_cells(one.name, shown, one.code.rstrip("~")), level=1, links=links))
    total = _sum(lines, keys, block.side)
    label = _("Total: %(part)s") % {"part": block.title}
    rows.append(Row(_cells(label, total), kind="subtotal"))
    return rows, total


def _section(
    sheet: _Sheet, blocks: Sequence[Block], keys: Sequence[str]
) -> tuple[list[Row], dict[str, Decimal]]:
    rows: list[Row] = []
    total = dict.fromkeys(keys, ZERO)
    for block in blocks:
        made, amounts = _block(sheet, block, keys)
        rows += made
        total = {key: total[key] + amounts[key] for key in keys}
    return rows, total


def build(ask: Ask) -> ReportTable:
    """Build it. The statements are as many whatever was booked; two more for a comparison."""
    as_of = ask.day("as_of")
    days = {"amount": as_of}
    earlier = compared_day(as_of, ask.get("compare") or "")
    if earlier:
        days["compared"] = earlier
    sheet = _Sheet(days, ask.setting.fiscal_start_month)
    roles = {role: _named(role) for role in ("ar_control", "ap_control", "current_year_result")}
    _turn_sides(sheet, roles)
    _add_result(sheet, roles["current_year_result"], ask.setting.fiscal_start_month)
    keys = list(days)
    assets_rows, assets = _section(sheet, ASSETS, keys)
    debts_rows, debts = _section(sheet, LIABILITIES, keys)
    equity_rows, equity = _section(sheet, EQUITY, keys)
    other = {key: debts[key] + equity[key] for key in keys}
    rows = [
        *assets_rows,
        Row(_cells(_("Total assets"), assets), kind="total"),
        *debts_rows,
        Row(_cells(_("Total liabilities"), debts), kind="subtotal"),
        *equity_rows,
        Row(_cells(_("Total liabilities and equity"), other), kind="total"),
    ]
    balanced = all(assets[key] == other[key] for key in keys)
    columns = [
        Column("code", gettext_lazy("Code"), "code"),
        Column("name", gettext_lazy("Account"), wide=True),
        Column("amount", period_text(None, as_of), "money"),
    ]
    if earlier:
        columns.append(Column("compared", period_text(None, earlier), "money"))
        columns.append(Column("change", gettext_lazy("Change"), "money", blank_zero=True))
    return ReportTable(
        title=gettext_lazy("Balance sheet"),
        columns=tuple(columns),
        rows=rows if sheet.lines else [],
        currency=ask.currency,
        subtitle=period_text(None, as_of),
        remarks=late_postings(as_of, ask.today)
        + (() if balanced else (Remark(_("Assets differ from liabilities and equity."), "bad"),)),
        facts={
            "assets": money(assets["amount"], ask.currency),
            "liabilities": money(debts["amount"], ask.currency),
            "equity": money(equity["amount"], ask.currency),
            "current_year_result": money(sheet.unclosed["amount"], ask.currency),
        },
    )


REPORTS = (
    Report(
        key="balance-sheet",
        title=gettext_lazy("Balance sheet"),
        group="statements",
        text=gettext_lazy("What the company has and owes at the end of a day, compared."),
        permission="reports.books.view",
        filters=(
            filters.as_of(),
            filters.choice(
                "compare",
                gettext_lazy("Compare with"),
                (
                    ("", gettext_lazy("Nothing")),
                    ("month", gettext_lazy("End of the month before")),
                    ("year", gettext_lazy("Year before")),
                ),
            ),
        ),
        build=build,
        icon="balances",
    ),
)
