"""All reports: one list that the hub, the pages, the API, the exports and the palette read.

To add one: a builder in reports/builders that returns a ReportTable, its Report here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.builders import (
    ageing,
    balance_sheet,
    bank_reconciliation,
    cash_flow,
    commissions,
    ledger,
    profit_and_loss,
    sales,
    statements,
    trial_balance,
    vat_return,
)
from reports.report import Report

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REPORTS: tuple[Report, ...] = (
    *profit_and_loss.REPORTS,
    *balance_sheet.REPORTS,
    *cash_flow.REPORTS,
    *trial_balance.REPORTS,
    *ledger.REPORTS,
    *ageing.REPORTS,
    *statements.REPORTS,
    *sales.REPORTS,
    *commissions.REPORTS,
    *vat_return.REPORTS,
    *bank_reconciliation.REPORTS,
)
BY_KEY = {report.key: report for report in REPORTS}

#: Headings of the hub, in order.
GROUPS: tuple[tuple[str, StrOrPromise], ...] = (
    ("statements", _("Financial statements")),
    ("books", _("Books")),
    ("customers", _("Customers")),
    ("suppliers", _("Suppliers")),
    ("sales", _("Sales")),
    ("tax", _("Tax")),
    ("money", _("Money")),
)


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """The reports under one heading."""

    title: StrOrPromise
    reports: tuple[Report, ...]


def visible(permissions: Collection[str]) -> tuple[ReportGroup, ...]:
    """Return the groups with what these permissions allow."""
    groups = (
        ReportGroup(
            title,
            tuple(one for one in REPORTS if one.group == key and one.permission in permissions),
        )
        for key, title in GROUPS
    )
    return tuple(group for group in groups if group.reports)
