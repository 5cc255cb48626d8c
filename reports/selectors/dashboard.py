"""Figures of the home page: kept sums and indexed reads, the same statements at any size (RR-11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from ap.models import Bill
from ar.models import Invoice
from core.dates import add_months, month_end, month_start
from documents.lifecycle import OPEN
from documents.models import DocumentSummary
from ledger.selectors.balances import account_totals
from tenancy.context import current_company_id

MONTHS = 12
LATEST = 8
ORDER = ("draft", "posted", "partially_paid", "paid", "void")


@dataclass(frozen=True, slots=True)
class StatusSum:
    """Invoices of one state and currency."""

    status: str
    currency: str
    count: int
    total: Decimal
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class MonthSales:
    """Net sales of a month in base currency."""

    month: dt.date
    amount: Decimal

    @property
    def last_day(self) -> dt.date:
        return month_end(self.month)


def invoices_by_status() -> list[StatusSum]:
    """Return count and sums of invoices by state, from the kept counts. One statement."""
    rows = [
        StatusSum(row.status, row.currency, row.document_count, row.total, row.open_amount)
        for row in DocumentSummary.objects.filter(kind="ar.invoice", document_count__gt=0)
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row.status), row.currency))


def overdue(today: dt.date) -> list[tuple[str, int, Decimal]]:
    """Return (currency, count, open amount) of invoices past their due date. One statement, by the open-items index."""
    rows = (
        Invoice.objects.filter(status__in=sorted(OPEN), due_date__lt=today)
        .order_by("currency")
        .values("currency")
        .annotate(count=Count("pk"), rest=Sum("open_amount"))
    )
    return [(row["currency"], row["count"], row["rest"]) for row in rows]


_SALES = """
SELECT date_trunc('month', p.start_date)::date, sum(b.credit - b.debit)
FROM ledger_period p
JOIN ledger_accountbalance b ON b.company_id = p.company_id AND b.period_id = p.id
JOIN ledger_account a ON a.company_id = b.company_id AND a.id = b.account_id
WHERE p.company_id = %s AND p.start_date BETWEEN %s AND %s AND a.kind IN ('revenue', 'contra_revenue')
GROUP BY 1
"""


def sales_by_month(today: dt.date) -> list[MonthSales]:
    """Return net sales of the last twelve months, oldest first, from the kept balances. One statement."""
    first = add_months(month_start(today), 1 - MONTHS)
    with connection.cursor() as cursor:
        cursor.execute(_SALES, [current_company_id(), first, today])
        found = dict(cursor.fetchall())
    months = [add_months(first, offset) for offset in range(MONTHS)]
    return [MonthSales(month, found.get(month, Decimal(0))) for month in months]


@dataclass(frozen=True, slots=True)
class BooksNow:
    """What the kept balances say today, in base currency; payables and VAT due positive when we owe."""

    cash: Decimal
    payables: Decimal
    vat_due: Decimal


#: The five accounts that a VAT return brings to zero (accounting.md section 4, T1).
VAT_ROLES = ("vat_output", "vat_output_rc", "vat_input", "vat_input_customs", "vat_input_rc")
CASH = "11"


def books_now(today: dt.date) -> BooksNow:
    """Return cash and bank, what suppliers are owed and the VAT not returned yet. One statement."""
    cash = payables = vat = Decimal(0)
    for row in account_totals(as_of=today):
        if row.code.startswith(CASH):
            cash += row.balance
        elif row.role == "ap_control":
            payables -= row.balance
        elif row.role in VAT_ROLES:
            vat -= row.balance
    return BooksNow(cash, payables, vat)


def bills_overdue(today: dt.date) -> int:
    """Return how many bills are past their due date. One statement."""
    return Bill.objects.filter(status__in=sorted(OPEN), due_date__lt=today).count()


def latest_invoices() -> list[Invoice]:
    """Return the newest invoices with their customers. One statement."""
    rows = Invoice.objects.select_related("customer").order_by("-issue_date", "-id")
    return list(rows[:LATEST])
