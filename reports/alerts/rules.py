"""The rules of the alerts centre: each finds its subjects in one statement (SP-6).

A new rule is a kind of reports.models.Alert, a finder here, and its line in RULES.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from core.errors import N_
from reports.models import Alert, VatReturn
from reports.vat.figures import vat_period
from tenancy.context import current_company_id
from tenancy.models import Company

#: How long a bank line may lie unmatched, and how long before its day a VAT return is announced.
UNMATCHED_DAYS = 7
VAT_NOTICE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Found:
    """One subject a rule found. `user_id` None: for everybody with the rule's permission."""

    subject_id: uuid.UUID
    name: str
    name_arabic: str
    count: int
    amount: Decimal | None
    since: dt.date
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class AlertRule:
    """What a kind of alert is about, whom it concerns, and how it is found and said.

    `page` is where it is dealt with, for a subject that has no page of its own.
    """

    kind: str
    subject_kind: str
    permission: str
    text: str
    find: Callable[[Company, dt.date], Sequence[Found]]
    page: str = ""


def _rows(sql: str, parameters: dict[str, Any]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"company": current_company_id(), **parameters})
        return [Found(*row) for row in cursor.fetchall()]


_OVERDUE_INVOICES = """
SELECT c.id, c.name, c.name_arabic, sums.count, sums.amount, sums.since, sums.user_id
FROM (
    SELECT customer_id, salesperson_id AS user_id, count(*) AS count,
           sum(base_total - allocated_base) AS amount, min(due_date) AS since
    FROM ar_invoice WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid')
      AND due_date < %(today)s::date AND salesperson_id IS NOT NULL
    GROUP BY customer_id, salesperson_id
    UNION ALL
    SELECT customer_id, NULL, count(*), sum(base_total - allocated_base), min(due_date)
    FROM ar_invoice WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid')
      AND due_date < %(today)s::date
    GROUP BY customer_id
) AS sums JOIN ar_customer c ON c.company_id = %(company)s AND c.id = sums.customer_id
"""


def overdue_invoices(company: Company, today: dt.date) -> list[Found]:
    """Customers with invoices past their due date: for the bookkeepers, and for each salesperson their own."""
    return _rows(_OVERDUE_INVOICES, {"today": today})


_OVERDUE_BILLS = """
SELECT s.id, s.name, s.name_arabic, sums.count, sums.amount, sums.since, NULL
FROM (
    SELECT supplier_id, count(*) AS count, sum(base_total - allocated_base) AS amount, min(due_date) AS since
    FROM ap_bill WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid')
      AND due_date < %(today)s::date
    GROUP BY supplier_id
) AS sums JOIN ap_supplier s ON s.company_id = %(company)s AND s.id = sums.supplier_id
"""


def overdue_bills(company: Company, today: dt.date) -> list[Found]:
    """Suppliers whose bills should have been paid."""
    return _rows(_OVERDUE_BILLS, {"today": today})


_CREDIT_LIMIT = """
SELECT c.id, c.name, c.name_arabic, count(*), sum(i.base_total - i.allocated_base), min(i.issue_date), NULL
FROM ar_customer c JOIN ar_invoice i ON i.company_id = c.company_id AND i.customer_id = c.id
WHERE c.company_id = %(company)s AND c.credit_limit IS NOT NULL AND c.credit_control <> 'off'
  AND i.status IN ('posted', 'partially_paid')
GROUP BY c.company_id, c.id HAVING sum(i.base_total - i.allocated_base) > c.credit_limit
"""


def credit_limits(company: Company, today: dt.date) -> list[Found]:
    """Customers who owe more than their credit limit."""
    return _rows(_CREDIT_LIMIT, {})


_UNMATCHED = """
SELECT a.id, a.name, a.name_arabic, count(*), NULL, min(l.date), NULL
FROM payments_bankline l JOIN payments_paymentaccount a ON a.company_id = l.company_id AND a.id = l.payment_account_id
WHERE l.company_id = %(company)s AND NOT l.is_matched AND NOT l.is_opening AND l.date <= %(before)s::date
GROUP BY a.company_id, a.id
"""


def unmatched_bank_lines(company: Company, today: dt.date) -> list[Found]:
    """Accounts whose statements have lines nobody matched for a week."""
    return _rows(_UNMATCHED, {"before": today - dt.timedelta(days=UNMATCHED_DAYS)})


def vat_return_due(company: Company, today: dt.date) -> list[Found]:
    """The last VAT period, from two weeks before its return is due until it is filed (accounting.md section 9)."""
    current = vat_period(today, company.vat_period)
    period = vat_period(current.start - dt.timedelta(days=1), company.vat_period)
    if today < period.due - dt.timedelta(days=VAT_NOTICE_DAYS):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_journalline WHERE company_id = %s AND tax_code <> '' "
            "AND date BETWEEN %s AND %s)",
            [company.pk, period.start, period.end],
        )
        (has_rows,) = cursor.fetchone()
    filed = VatReturn.objects.filter(
        start_date__lte=period.start, end_date__gte=period.end
    ).exclude(state=VatReturn.State.PREPARED)
    if not has_rows or filed.exists():
        return []
    # the subject of a period is its first day: the same id each time
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"vat-return {company.pk} {period.start}")
    return [Found(key, period.label, period.label, 1, None, period.due)]


RULES = (
    AlertRule(
        Alert.Kind.INVOICES_OVERDUE,
        "ar.customer",
        "ar.invoice.edit",
        N_("Overdue invoices: %(count)s, the oldest due %(since)s"),
        overdue_invoices,
    ),
    AlertRule(
        Alert.Kind.BILLS_OVERDUE,
        "ap.supplier",
        "ap.bill.post",
        N_("Bills to pay: %(count)s, the oldest due %(since)s"),
        overdue_bills,
    ),
    AlertRule(
        Alert.Kind.CREDIT_LIMIT,
        "ar.customer",
        "ar.invoice.edit",
        N_("Owes more than the credit limit, in %(count)s documents"),
        credit_limits,
    ),
    AlertRule(
        Alert.Kind.VAT_RETURN_DUE,
        "reports.vat_return",
        "reports.vat_return.file",
        N_("The return is due %(since)s"),
        vat_return_due,
        page="reports:vat-list",
    ),
    AlertRule(
        Alert.Kind.BANK_UNMATCHED,
        "payments.payment_account",
        "payments.account.edit",
        N_("Lines not matched: %(count)s, the oldest of %(since)s"),
        unmatched_bank_lines,
        page="payments:bank-home",
    ),
)

RULE_OF = {rule.kind: rule for rule in RULES}
