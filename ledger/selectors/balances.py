"""Balances of accounts: kept sums for whole periods, journal lines for the days of the period that is cut (FT-5)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from tenancy.context import current_company_id

# Whole periods come from the kept balances: hundreds of rows, however many journal lines there are.
_BALANCES = """
WITH sums AS (
    SELECT b.account_id, b.debit, b.credit
    FROM ledger_accountbalance b
    JOIN ledger_period p ON p.company_id = b.company_id AND p.id = b.period_id
    WHERE b.company_id = %(company)s AND p.end_date <= %(as_of)s AND p.start_date >= %(since)s
    UNION ALL
    SELECT l.account_id, l.debit, l.credit
    FROM ledger_period p
    JOIN ledger_journalline l ON l.company_id = p.company_id
        AND l.date BETWEEN greatest(p.start_date, %(since)s) AND least(p.end_date, %(as_of)s)
    WHERE p.company_id = %(company)s AND p.start_date <= %(as_of)s AND p.end_date >= %(since)s
        AND (p.end_date > %(as_of)s OR p.start_date < %(since)s)
), totals AS (
    SELECT account_id, sum(debit) AS debit, sum(credit) AS credit FROM sums GROUP BY account_id
)
SELECT a.id, a.code, a.name, a.name_arabic, a.kind, a.normal_side, t.debit, t.credit
FROM totals t JOIN ledger_account a ON a.company_id = %(company)s AND a.id = t.account_id
ORDER BY a.code
"""
_BEGINNING = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """Turnover and balance of an account in base currency. Positive balance: debit."""

    account_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    kind: str
    normal_side: str
    total_debit: Decimal
    total_credit: Decimal

    @property
    def balance(self) -> Decimal:
        return self.total_debit - self.total_credit

    @property
    def debit(self) -> Decimal:
        """The balance when it is a debit, else 0."""
        return max(self.balance, Decimal(0))

    @property
    def credit(self) -> Decimal:
        """The balance when it is a credit, else 0."""
        return max(-self.balance, Decimal(0))


def account_totals(*, as_of: dt.date, since: dt.date | None = None) -> list[AccountTotals]:
    """Return every account with postings in [since, as_of], by code. One statement. Base currency."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BALANCES,
            {"company": current_company_id(), "as_of": as_of, "since": since or _BEGINNING},
        )
        return [AccountTotals(*row) for row in cursor.fetchall()]


def trial_balance(as_of: dt.date) -> list[AccountTotals]:
    """Return the accounts whose balance at the end of the day is not zero; debits equal credits."""
    return [row for row in account_totals(as_of=as_of) if row.balance]
