"""Commissions by salesperson: earned, adjusted, paid, open; what is open is the account commission_payable."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from ledger.selectors.balances import account_totals
from reports.builders.common import ZERO, period_text, report_link, summed
from reports.report import Ask, Report
from reports.selectors.commissions import commissions_by_person
from web.formats import format_amount
from web.tables import Column, Remark, ReportTable, Row

ROLE = "commission_payable"
KEYS = ("pending", "earned", "adjusted", "paid", "open")


def _payable(ask: Ask) -> Decimal:
    return -sum((row.balance for row in account_totals(as_of=ask.today) if row.role == ROLE), ZERO)


def build(ask: Ask) -> ReportTable:
    """Build it as it stands today. Two statements."""
    rows = [
        Row(
            {
                "name": one.name,
                "pending": one.pending,
                "earned": one.earned,
                "adjusted": one.adjusted,
                "paid": one.paid,
                "open": one.open_amount,
            },
            links={
                "name": report_link("sales-documents", salesperson=one.salesperson_id),
            },
            meta={"salesperson": one.salesperson_id},
        )
        for one in commissions_by_person()
    ]
    totals = summed(rows, KEYS)
    payable = _payable(ask)
    remarks: tuple[Remark, ...] = ()
    if payable != totals["open"]:
        text = _("The account for commissions to pay shows %(amount)s.") % {
            "amount": format_amount(payable, ask.currency)
        }
        remarks = (Remark(text, "warn"),)
    return ReportTable(
        title=gettext_lazy("Commissions"),
        columns=(
            Column("name", gettext_lazy("Salesperson"), wide=True),
            Column("pending", gettext_lazy("Pending"), "money", blank_zero=True),
            Column("earned", gettext_lazy("Earned"), "money", blank_zero=True),
            Column("adjusted", gettext_lazy("Adjusted"), "money", blank_zero=True),
            Column("paid", gettext_lazy("Paid"), "money", blank_zero=True),
            Column("open", gettext_lazy("To pay"), "money"),
        ),
        rows=rows,
        totals=(Row({"name": _("Total"), **totals}, kind="total"),),
        currency=ask.currency,
        subtitle=period_text(None, ask.today),
        remarks=remarks,
        facts={"payable_account": money(payable, ask.currency)},
        empty_text=_("A commission appears here when its invoice is paid."),
    )


REPORTS = (
    Report(
        key="commissions",
        title=gettext_lazy("Commissions"),
        group="sales",
        text=gettext_lazy("Earned, adjusted, paid and open by salesperson."),
        permission="commissions.snapshot.view",
        filters=(),
        build=build,
        icon="commission",
    ),
)
