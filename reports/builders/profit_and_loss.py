"""Profit and loss: classes 4 to 8 without what year ends booked; months side by side, comparison, percent of sales."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from core.dates import add_months, month_end, month_start
from ledger.selectors.balances import AccountTotals, account_turnovers
from reports import filters
from reports.builders.common import (
    ZERO,
    account_link,
    late_postings,
    period_text,
    shown_month,
)
from reports.report import Ask, Report
from web.tables import Cell, Column, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED = Decimal(100)
PERCENT = Decimal("0.1")
#: More months than these side by side nobody reads.
MOST_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Part:
    """A block of accounts; `sums` is the line drawn below it: the result so far."""

    key: str
    title: StrOrPromise
    holds: Callable[[str], bool]
    #: -1: what is shown lowers the result.
    sign: int
    result: StrOrPromise = ""


def _starts(*prefixes: str) -> Callable[[str], bool]:
    return lambda code: code.startswith(prefixes)


PARTS = (
    Part("sales", gettext_lazy("Sales"), _starts("40", "41", "42"), 1, gettext_lazy("Net sales")),
    Part("cost", gettext_lazy("Cost of sales"), _starts("5"), -1, gettext_lazy("Gross profit")),
    Part(
        "expenses",
        gettext_lazy("Operating expenses"),
        _starts("6"),
        -1,
        gettext_lazy("Operating profit"),
    ),
    Part(
        "other",
        gettext_lazy("Other income"),
        lambda code: code.startswith("4") and not code.startswith(("40", "41", "42")),
        1,
    ),
    Part(
        "finance",
        gettext_lazy("Finance costs and other losses"),
        _starts("7"),
        -1,
        gettext_lazy("Profit before zakat and tax"),
    ),
    Part("zakat", gettext_lazy("Zakat and income tax"), _starts("8"), -1),
)
CLASSES = ("4", "5", "6", "7", "8")


@dataclass(frozen=True, slots=True)
class Span:
    """A column of amounts over some days."""

    key: str
    label: StrOrPromise
    first: dt.date
    last: dt.date


def months_between(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the months of a span, the first and last one cut to it."""
    spans = []
    start = first
    while start <= last:
        end = min(month_end(start), last)
        spans.append((start, end))
        start = add_months(month_start(start), 1)
    return spans


def earlier_span(first: dt.date, last: dt.date, compare: str) -> tuple[dt.date, dt.date] | None:
    """Return the span to compare with: a year earlier, or as long and right before."""
    if compare == "year":
        before = add_months(first, -12), add_months(last, -12)
        return before[0], month_end(before[1]) if last == month_end(last) else before[1]
    if compare == "period":
        if first == month_start(first) and last == month_end(last):
            months = (last.year - first.year) * 12 + last.month - first.month + 1
            return add_months(first, -months), first - dt.timedelta(days=1)
        days = last - first
        return first - dt.timedelta(days=1) - days, first - dt.timedelta(days=1)
    return None


def _spans(ask: Ask) -> list[Span]:
    first, last = ask.day("from"), ask.day("to")
    spans = []
    months = months_between(first, last)
    if ask.get("months") and 1 < len(months) <= MOST_MONTHS:
        spans = [Span(f"m_{one:%Y_%m}", shown_month(one), one, end) for one, end in months]
    spans.append(
        Span("amount", gettext_lazy("Total") if spans else period_text(first, last), first, last)
    )
    earlier = earlier_span(first, last, ask.get("compare") or "")
    if earlier:
        spans.append(Span("compared", period_text(*earlier), *earlier))
    return spans


def _percent(amount: Decimal, sales: Decimal) -> Decimal | None:
    return (amount * HUNDRED / sales).quantize(PERCENT) if sales else None


class _Statement:
    """Gathers amounts by account and span, then writes the rows from top to bottom."""

    def __init__(self, spans: Sequence[Span], found: Sequence[Sequence[AccountTotals]]) -> None:
        self.spans = spans
        self.accounts: dict[str, AccountTotals] = {}
        self.amounts: dict[str, dict[str, Decimal]] = {}
        for span, rows in zip(spans, found, strict=True):
            for row in rows:
                if row.code.startswith(CLASSES):
                    self.accounts[row.code] = row
                    # income positive, expense negative
                    self.amounts.setdefault(row.code, {})[span.key] = -row.balance
        self.result = {span.key: ZERO for span in spans}
        self.sales: dict[str, Decimal] = {}
        self.facts: dict[str, Decimal] = {}

    def _cells(self, label: Cell, amounts: dict[str, Decimal], code: str = "") -> dict[str, Cell]:
        cells: dict[str, Cell] = {"code": code, "name": label}
        cells |= {span.key: amounts.get(span.key, ZERO) for span in self.spans}
        if self.sales:
            cells["percent"] = _percent(amounts.get("amount", ZERO), self.sales["amount"])
        if "compared" in amounts or any(span.key == "compared" for span in self.spans):
            cells["change"] = amounts.get("amount", ZERO) - amounts.get("compared", ZERO)
        return cells

    def _account(self, code: str, sign: int) -> Row:
        account = self.accounts[code]
        shown = {key: amount * sign for key, amount in self.amounts[code].items()}
        links = {
            span.key: account_link(code, first=span.first, last=span.last) for span in self.spans
        }
        links["name"] = links["amount"]
        return Row(
            self._cells(Words(account.name, account.name_arabic), shown, code), level=1, links=links
        )

    def rows(self) -> list[Row]:
        """Return the rows; sales first, because percents need them."""
        sales_part = PARTS[0]
        of_sales = [code for code in self.accounts if sales_part.holds(code)]
        self.sales = self._sum(of_sales, 1)
        made: list[Row] = []
        for part in PARTS:
            codes = sorted(code for code in self.accounts if part.holds(code))
            made += self._part(part, codes)
        made.append(Row(self._cells(_("Net profit"), self.result), kind="total"))
        self.facts["net_profit"] = self.result["amount"]
        return made

    def _sum(self, codes: Iterable[str], sign: int) -> dict[str, Decimal]:
        codes = list(codes)
        return {
            span.key: sign * sum((self.amounts[code].get(span.key, ZERO) for code in codes), ZERO)
            for span in self.spans
        }

    def _part(self, part: Part, codes: list[str]) -> list[Row]:
        made: list[Row] = []
        if codes:
            made.append(Row({"name": str(part.title)}, kind="group"))
            made += [self._account(code, part.sign) for code in codes]
            shown = self._sum(codes, part.sign)
            if part.key != "sales":
                label = _("Total: %(part)s") % {"part": part.title}
                made.append(Row(self._cells(label, shown), kind="subtotal"))
            for key, amount in shown.items():
                self.result[key] += amount * part.sign
            self.facts[part.key] = shown["amount"]
        if part.result:
            made.append(Row(self._cells(str(part.result), dict(self.result)), kind="subtotal"))
            self.facts[f"after_{part.key}"] = self.result["amount"]
        return made


def build(ask: Ask) -> ReportTable:
    """Build it. One statement, however many months stand side by side."""
    spans = _spans(ask)
    found = account_turnovers([(one.first, one.last) for one in spans], with_closing=False)
    statement = _Statement(spans, found)
    rows = statement.rows() if any(found) else []
    columns = [
        Column("code", gettext_lazy("Code"), "code"),
        Column("name", gettext_lazy("Account"), wide=True),
        *(Column(span.key, span.label, "money", blank_zero=True) for span in spans),
    ]
    place = [column.key for column in columns].index("amount") + 1
    columns.insert(place, Column("percent", gettext_lazy("% of sales"), "percent"))
    if any(span.key == "compared" for span in spans):
        columns.append(Column("change", gettext_lazy("Change"), "money", blank_zero=True))
    return ReportTable(
        title=gettext_lazy("Profit and loss"),
        columns=tuple(columns),
        rows=rows,
        currency=ask.currency,
        subtitle=period_text(ask.day("from"), ask.day("to")),
        remarks=late_postings(ask.day("to"), ask.today),
        facts={key: money(amount, ask.currency) for key, amount in statement.facts.items()},
        empty_text=_("Nothing was earned or spent on these days."),
    )


def compare_filter() -> filters.Filter:
    """With which earlier days the figures are compared."""
    return filters.choice(
        "compare",
        gettext_lazy("Compare with"),
        (
            ("", gettext_lazy("Nothing")),
            ("period", gettext_lazy("Period before")),
            ("year", gettext_lazy("Year before")),
        ),
    )


REPORTS = (
    Report(
        key="profit-and-loss",
        title=gettext_lazy("Profit and loss"),
        group="statements",
        text=gettext_lazy("What was earned and spent, months side by side, compared."),
        permission="reports.books.view",
        filters=(
            filters.since(),
            filters.until(),
            filters.flag("months", gettext_lazy("Month by month")),
            compare_filter(),
        ),
        build=build,
        icon="chart",
    ),
)
