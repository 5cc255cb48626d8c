"""Statements of customers and suppliers: what was booked on their control account, and what is open by age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ap.models import Supplier
from api.shapes import money
from ar.models import Customer
from reports import filters
from reports.builders.ageing import DEFAULT_BOUNDS, bucket_labels
from reports.builders.common import ZERO, period_text
from reports.builders.ledger import closing_row, line_columns, lines_shown
from reports.report import Ask, Report
from reports.selectors import ledger
from reports.selectors.ageing import PAYABLE, RECEIVABLE, Aged, Side, aged
from web.tables import Column, Remark, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _open_rows(found: Sequence[Aged], sign: int) -> Iterable[Row]:
    """Yield what is open by age; the last line of a statement."""
    if not found:
        return
    one = found[0]
    yield Row({"description": _("Open items by age")}, kind="group")
    for label, amount in zip(bucket_labels(DEFAULT_BOUNDS), one.buckets, strict=True):
        if amount:
            yield Row({"description": label, "balance": sign * amount}, level=1)
    if one.credit:
        yield Row({"description": _("Credit on account"), "balance": -sign * one.credit}, level=1)
    yield Row({"description": _("Open"), "balance": sign * one.total}, kind="subtotal")


def _build(side: Side, title: StrOrPromise, ask: Ask) -> ReportTable:
    party: Any = ask.get("party")
    first, last = ask.day("from"), ask.day("to")
    lines = ledger.of_party(party.pk, side.roles)
    opening = ledger.balance_before(lines, first)
    debit, credit = ledger.turnover(lines, first, last)
    closing = opening + debit - credit
    rows, after = lines_shown(ask, lines, first=first, last=last, opening=opening)
    found = [] if after else aged(side, as_of=last, bounds=DEFAULT_BOUNDS, party_id=party.pk)
    sign = 1 if side is RECEIVABLE else -1
    total = sign * sum((one.total for one in found), ZERO)
    totals = () if after else (closing_row(debit, credit, closing), *_open_rows(found, sign))
    columns: tuple[Column, ...] = tuple(one for one in line_columns() if one.key != "opposite")
    return ReportTable(
        title=title,
        columns=columns,
        rows=rows,
        totals=totals,
        currency=ask.currency,
        subtitle=f"{party.code} {Words(party.name, party.name_arabic)} · {period_text(first, last)}",
        remarks=_differs(closing, total) if not after else (),
        after=after,
        facts={
            "opening": money(opening, ask.currency),
            "closing": money(closing, ask.currency),
            "open": money(total, ask.currency),
        },
    )


def _differs(closing: Decimal, open_amount: Decimal) -> tuple[Remark, ...]:
    if closing == open_amount:
        return ()
    return (
        Remark(
            _("The balance differs from the open items; a revaluation is the usual reason."), "warn"
        ),
    )


def _report(key: str, side: Side, title: StrOrPromise, text: StrOrPromise, party: Any) -> Report:
    return Report(
        key=key,
        title=title,
        group="customers" if side is RECEIVABLE else "suppliers",
        text=text,
        permission="reports.books.view",
        filters=(party, filters.since(), filters.until()),
        build=lambda ask: _build(side, title, ask),
        icon="invoice",
    )


REPORTS = (
    _report(
        "customer-statement",
        RECEIVABLE,
        gettext_lazy("Customer statement"),
        gettext_lazy("Opening, documents, receipts, closing; open items by age."),
        filters.record("party", gettext_lazy("Customer"), Customer.objects.all, needed=True),
    ),
    _report(
        "supplier-statement",
        PAYABLE,
        gettext_lazy("Supplier statement"),
        gettext_lazy("Opening, bills, payments, closing; open items by age."),
        filters.record("party", gettext_lazy("Supplier"), Supplier.objects.all, needed=True),
    ),
)
