"""What to look at before a period is closed (accounting.md section 10): counts, each with the page that shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.models import Period
from payments.revaluation.items import foreign_items
from payments.revaluation.services import revaluation_of
from tenancy.context import current_company_id
from web.links import page_open_to

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class ClosingItem:
    """One line of the checklist; 0 is good."""

    key: str
    label: StrOrPromise
    count: int
    url: str

    @property
    def is_good(self) -> bool:
        return self.count == 0


_DRAFTS = """
(SELECT count(*) FROM {table} WHERE company_id = %(company)s AND status = 'draft'
 AND {date} BETWEEN %(start)s AND %(end)s)
"""
# Everything that is counted, in one statement: key -> scalar query.
_COUNTS: dict[str, str] = {
    "draft_invoices": _DRAFTS.format(table="ar_invoice", date="issue_date"),
    "draft_bills": _DRAFTS.format(table="ap_bill", date="issue_date"),
    "draft_journals": _DRAFTS.format(table="ledger_manualjournal", date="date"),
    "unallocated": """
        (SELECT count(*) FROM payments_payment WHERE company_id = %(company)s AND status <> 'void'
         AND open_amount > 0 AND date <= %(end)s)
        + (SELECT count(*) FROM ar_creditnote WHERE company_id = %(company)s AND is_posted AND open_amount > 0
           AND issue_date <= %(end)s)
        + (SELECT count(*) FROM ap_suppliercredit WHERE company_id = %(company)s AND is_posted AND open_amount > 0
           AND issue_date <= %(end)s)
    """,
    "bank_lines": """
        (SELECT count(*) FROM payments_bankline WHERE company_id = %(company)s AND NOT is_matched
         AND NOT is_opening AND date <= %(end)s)
    """,
    "suspense": """
        (SELECT count(*) FROM (
            SELECT a.id FROM ledger_account a
            JOIN ledger_accountbalance b ON b.company_id = a.company_id AND b.account_id = a.id
            JOIN ledger_period p ON p.company_id = b.company_id AND p.id = b.period_id AND p.end_date <= %(end)s
            WHERE a.company_id = %(company)s
              AND a.role IN ('bank_suspense', 'card_clearing', 'gateway_clearing', 'landed_cost_clearing')
            GROUP BY a.id HAVING sum(b.debit) <> sum(b.credit)) AS left_over)
    """,
    "opening": """
        (SELECT count(*) FROM (
            SELECT a.id FROM ledger_account a
            JOIN ledger_accountbalance b ON b.company_id = a.company_id AND b.account_id = a.id
            WHERE a.company_id = %(company)s AND a.role IN ('opening_ar', 'opening_ap', 'opening_stock', 'opening_other')
            GROUP BY a.id HAVING sum(b.debit) <> sum(b.credit)) AS left_open)
    """,
    "recurring": """
        (SELECT count(*) FROM ledger_recurringjournal WHERE company_id = %(company)s AND is_active
         AND next_date <= %(end)s)
    """,
    "prepaid": """
        (SELECT count(*) FROM ap_prepaidpart r JOIN ap_bill b ON b.company_id = r.company_id AND b.id = r.bill_id
         WHERE r.company_id = %(company)s AND r.entry_id IS NULL AND r.date <= %(end)s
           AND b.is_posted AND b.status <> 'void')
    """,
    "commissions": """
        (SELECT count(*) FROM commissions_commissionsnapshot WHERE company_id = %(company)s
         AND status = 'pending' AND paid_at < (%(end)s::date + 1))
    """,
    "vat_return": """
        (SELECT CASE WHEN EXISTS (SELECT 1 FROM reports_vatreturn r WHERE r.company_id = %(company)s
                                  AND r.start_date <= %(end)s AND r.end_date >= %(end)s) THEN 0
                     WHEN EXISTS (SELECT 1 FROM ledger_journalentry e JOIN ledger_journalline l
                                  ON l.company_id = e.company_id AND l.entry_id = e.id
                                  WHERE e.company_id = %(company)s AND e.date BETWEEN %(start)s AND %(end)s
                                    AND l.tax_code <> '') THEN 1 ELSE 0 END)
    """,
    "number_gaps": """
        (SELECT count(*) FROM (
            SELECT series FROM (
                SELECT series, sequence_number FROM ar_invoice WHERE company_id = %(company)s
                UNION ALL SELECT series, sequence_number FROM ar_creditnote WHERE company_id = %(company)s
                UNION ALL SELECT series, sequence_number FROM ap_bill WHERE company_id = %(company)s
                UNION ALL SELECT series, sequence_number FROM ap_suppliercredit WHERE company_id = %(company)s
                UNION ALL SELECT series, sequence_number FROM payments_payment WHERE company_id = %(company)s
            ) AS numbered WHERE sequence_number IS NOT NULL
            GROUP BY series HAVING count(*) <> max(sequence_number)) AS gaps)
    """,
}

_LABELS: dict[str, tuple[StrOrPromise, str]] = {
    "draft_invoices": (_("Draft invoices dated in the period"), "ar:invoice-list?status=draft"),
    "draft_bills": (_("Draft bills dated in the period"), "ap:bill-list?status=draft"),
    "draft_journals": (_("Draft journals dated in the period"), "ledger:manual-list?status=draft"),
    "unallocated": (_("Money and credits not allocated"), "payments:payment-list"),
    "bank_lines": (_("Bank lines not matched"), "payments:bank-home"),
    "suspense": (_("Suspense and clearing accounts not zero"), "reports:trial-balance"),
    "recurring": (_("Recurring journals not run"), "ledger:recurring-list"),
    "prepaid": (_("Prepaid months not expensed"), "ap:prepaid-list"),
    "revaluation": (_("Foreign items not revalued"), "payments:revaluation"),
    "commissions": (_("Commissions pending"), "commissions:commission-list"),
    "vat_return": (_("VAT return not prepared"), "reports:vat-list"),
    "opening": (_("Opening accounts not zero"), "opening:start"),
    "number_gaps": (_("Number series with gaps"), ""),
}


def _url(target: str, period: Period, permissions: Collection[str]) -> str:
    """Return the address of a page, or "" where the reader may not open it."""
    name, _mark, query = target.partition("?")
    if not name:
        return ""
    values = dict(part.split("=") for part in query.split("&") if part)
    if name == "payments:revaluation":
        return reverse(name, args=[period.pk])
    address = page_open_to(name, permissions)
    if not address:
        return ""
    if name == "reports:trial-balance":
        values["as_of"] = period.end_date.isoformat()
    return f"{address}?{urlencode(values)}" if values else address


def _counted(start: dt.date, end: dt.date) -> dict[str, int]:
    query = "SELECT " + ", ".join(f"{sql} AS {key}" for key, sql in _COUNTS.items())
    with connection.cursor() as cursor:
        cursor.execute(query, {"company": current_company_id(), "start": start, "end": end})
        return dict(zip(_COUNTS, cursor.fetchone(), strict=True))


def closing_checklist(
    period: Period, *, base_currency: str, permissions: Collection[str]
) -> list[ClosingItem]:
    """Return every line with its count; those that need a look first. Few statements, whatever there is to count."""
    counts = _counted(period.start_date, period.end_date)
    open_items = foreign_items(day=period.end_date, base_currency=base_currency)
    counts["revaluation"] = 0 if revaluation_of(period) else len(open_items)
    items = [
        ClosingItem(key, label, counts[key], _url(target, period, permissions))
        for key, (label, target) in _LABELS.items()
    ]
    return sorted(items, key=lambda item: item.is_good)
