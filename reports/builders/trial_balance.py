"""Trial balance: opening, debits, credits and closing of every account, from kept balances (FT-5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from api.shapes import money
from ledger.selectors.balances import AccountMovement, account_movements
from reports import filters
from reports.builders.common import (
    ZERO,
    account_link,
    currency_filter,
    late_postings,
    period_text,
    summed,
)
from reports.report import Ask, Report
from web.tables import Column, Remark, ReportTable, Row, Words


def _row(one: AccountMovement, ask: Ask) -> Row:
    last = ask.day("as_of")
    link = account_link(one.code, first=ask.get("from"), last=last)
    whole = account_link(one.code, first=None, last=last)
    return Row(
        {
            "code": one.code,
            "name": Words(one.name, one.name_arabic),
            "opening": one.opening,
            "turnover_debit": one.debit,
            "turnover_credit": one.credit,
            "debit": max(one.closing, ZERO),
            "credit": max(-one.closing, ZERO),
        },
        links={
            "code": link,
            "name": link,
            "turnover_debit": link,
            "turnover_credit": link,
            "debit": whole,
            "credit": whole,
        },
    )


def build(ask: Ask) -> ReportTable:
    """Build it: without `from` every account with a balance, with it every account that moved or has one."""
    since, as_of = ask.get("from"), ask.day("as_of")
    found = account_movements(since=since, until=as_of, currency=ask.get("currency_of") or "")
    rows = [_row(one, ask) for one in found if one.closing or (since and one.has_moved)]
    columns = [Column("code", _("Code"), "code"), Column("name", _("Account"), wide=True)]
    keys = ["debit", "credit"]
    if since:
        keys = ["opening", "turnover_debit", "turnover_credit", "debit", "credit"]
    labels = {
        "opening": _("Opening balance"),
        "turnover_debit": _("Debits of the period"),
        "turnover_credit": _("Credits of the period"),
        "debit": _("Closing debit") if since else _("Debit"),
        "credit": _("Closing credit") if since else _("Credit"),
    }
    columns += [Column(key, labels[key], "money", blank_zero=True) for key in keys]
    totals = summed(rows, keys)
    balanced = totals["debit"] == totals["credit"]
    total_row = Row({"name": str(_("Total")), **totals}, kind="total")
    return ReportTable(
        title=_("Trial balance"),
        columns=tuple(columns),
        rows=rows,
        totals=(total_row,),
        currency=ask.currency,
        subtitle=period_text(since, as_of),
        remarks=late_postings(as_of, ask.today)
        + (() if balanced else (Remark(_("Debits and credits differ."), "bad"),)),
        facts={
            "total_debit": money(totals["debit"], ask.currency),
            "total_credit": money(totals["credit"], ask.currency),
        },
        empty_text=_("Post an invoice and its accounts appear here."),
    )


REPORTS = (
    Report(
        key="trial-balance",
        title=_("Trial balance"),
        group="statements",
        text=_("Opening, debits, credits and closing of every account."),
        permission="reports.books.view",
        filters=(
            filters.day("from", _("From")),
            filters.as_of(),
            currency_filter(),
        ),
        build=build,
    ),
)
