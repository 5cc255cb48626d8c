"""Cash flow, indirect: the result, what of it moved no cash, and every change of the other accounts.

Every posting balances, so the change of accounts 11xx is the change of all others with the sign turned: the report
adds up by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from ledger.selectors.balances import AccountMovement, account_movements, account_turnovers
from reports import filters
from reports.builders.common import (
    ZERO,
    account_link,
    late_postings,
    period_text,
    report_link,
)
from reports.report import Ask, Report
from web.tables import Column, Remark, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CASH = "11"
RESULT = ("4", "5", "6", "7", "8")
#: Allowances, accumulated depreciation and amortisation, end of service: they grow by expenses that cost no cash.
NON_CASH = ("122", "135", "16", "172", "174", "263")
INVESTING = ("15", "17", "18", "19")
FINANCING = ("25", "26", "3")


@dataclass(frozen=True, slots=True)
class Flow:
    """One part of the report; the first that holds an account takes it."""

    key: str
    title: StrOrPromise
    holds: Callable[[str], bool]


FLOWS = (
    Flow(
        "non_cash",
        gettext_lazy("Expenses that cost no cash"),
        lambda code: code.startswith(NON_CASH),
    ),
    Flow("investing", gettext_lazy("Investing"), lambda code: code.startswith(INVESTING)),
    Flow("financing", gettext_lazy("Financing"), lambda code: code.startswith(FINANCING)),
    Flow("working_capital", gettext_lazy("Change of working capital"), lambda code: True),
)
ORDER = ("non_cash", "working_capital")


def _flow_of(code: str) -> str:
    return next(flow.key for flow in FLOWS if flow.holds(code))


class _Report:
    """Writes the rows and keeps the sums."""

    def __init__(self, ask: Ask) -> None:
        self.first, self.last = ask.day("from"), ask.day("to")
        self.ask = ask
        (turnovers,) = account_turnovers([(self.first, self.last)], with_closing=False)
        self.result = -sum((row.balance for row in turnovers if row.code.startswith(RESULT)), ZERO)
        self.parts: dict[str, list[tuple[str, Words, Decimal]]] = {flow.key: [] for flow in FLOWS}
        for row in turnovers:
            if row.code.startswith((CASH, *RESULT)) or not row.balance:
                continue
            names = Words(row.name, row.name_arabic)
            self.parts[_flow_of(row.code)].append((row.code, names, -row.balance))
        self.cash = [
            row
            for row in account_movements(since=self.first, until=self.last)
            if row.code.startswith(CASH)
        ]

    def _lines(self, key: str) -> tuple[list[Row], Decimal]:
        rows = [
            Row(
                {"code": code, "name": names, "amount": amount},
                level=1,
                links={
                    "name": account_link(code, first=self.first, last=self.last),
                    "amount": account_link(code, first=self.first, last=self.last),
                },
            )
            for code, names, amount in self.parts[key]
        ]
        return rows, sum((amount for _code, _names, amount in self.parts[key]), ZERO)

    def _group(self, key: str) -> tuple[list[Row], Decimal]:
        title = next(flow.title for flow in FLOWS if flow.key == key)
        rows, total = self._lines(key)
        if not rows:
            return [], total
        label = _("Total: %(part)s") % {"part": title}
        return [
            Row({"name": str(title)}, kind="group"),
            *rows,
            Row({"name": label, "amount": total}, kind="subtotal"),
        ], total

    def rows(self) -> tuple[list[Row], dict[str, Decimal]]:
        """Return the rows and the sums by part."""
        made = [
            Row({"name": _("Operations")}, kind="group"),
            Row(
                {"name": _("Net profit"), "amount": self.result},
                level=1,
                links={"amount": report_link("profit-and-loss", from_=self.first, to=self.last)},
            ),
        ]
        sums = {"operations": self.result}
        for key in ORDER:
            rows, total = self._group(key)
            made += rows
            sums["operations"] += total
        made.append(
            Row({"name": _("Cash from operations"), "amount": sums["operations"]}, kind="subtotal")
        )
        for key in ("investing", "financing"):
            rows, sums[key] = self._group(key)
            made += rows
        sums["change"] = sum(sums.values(), ZERO)
        made.append(Row({"name": _("Change of cash"), "amount": sums["change"]}, kind="total"))
        return made + self._cash_rows(sums), sums

    def _cash_rows(self, sums: dict[str, Decimal]) -> list[Row]:
        sums["opening"] = _total(self.cash, "opening")
        sums["closing"] = _total(self.cash, "closing")
        return [
            Row({"name": _("Cash at the beginning"), "amount": sums["opening"]}),
            Row({"name": _("Cash at the end"), "amount": sums["closing"]}, kind="subtotal"),
            *(
                Row(
                    {
                        "code": one.code,
                        "name": Words(one.name, one.name_arabic),
                        "amount": one.closing,
                    },
                    level=1,
                    links={"amount": account_link(one.code, last=self.last)},
                )
                for one in self.cash
                if one.closing
            ),
        ]


def _total(rows: Sequence[AccountMovement], name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows), ZERO)


def build(ask: Ask) -> ReportTable:
    """Build it. Two statements."""
    report = _Report(ask)
    rows, sums = report.rows()
    adds_up = sums["closing"] - sums["opening"] == sums["change"]
    return ReportTable(
        title=gettext_lazy("Cash flow"),
        columns=(
            Column("code", gettext_lazy("Code"), "code"),
            Column("name", gettext_lazy("Account"), wide=True),
            Column("amount", period_text(report.first, report.last), "money"),
        ),
        rows=rows,
        currency=ask.currency,
        subtitle=period_text(report.first, report.last),
        remarks=late_postings(report.last, ask.today)
        + (
            ()
            if adds_up
            else (Remark(_("The change differs from the movement of the cash accounts."), "bad"),)
        ),
        facts={key: money(amount, ask.currency) for key, amount in sums.items()},
    )


REPORTS = (
    Report(
        key="cash-flow",
        title=gettext_lazy("Cash flow"),
        group="statements",
        text=gettext_lazy("From the result to the change of cash and bank."),
        permission="reports.books.view",
        filters=(filters.since(), filters.until()),
        build=build,
        icon="cash",
    ),
)
