"""Balances of accounts: kept sums for whole periods, journal lines for the days of the period that is cut (FT-5)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection

from tenancy.context import current_company_id

# Whole periods come from the kept balances: hundreds of rows, however many journal lines there are. Of the period that
# the day cuts, the shorter part is read line by line, account by account on its index: the days up to the day, or the
# days after it, which are taken off the kept sum. Year ends are booked on a period's last day and kept apart: such a
# period is read from its start, where none of them can be.
_UP_TO = """
WITH cut AS (
    SELECT p.id, p.start_date, p.end_date,
           %(day)s::date - p.start_date < p.end_date - %(day)s::date OR EXISTS (
               SELECT FROM ledger_accountbalance b
               WHERE b.company_id = p.company_id AND b.period_id = p.id AND b.is_closing) AS is_early
    FROM ledger_period p WHERE p.company_id = %(company)s AND p.start_date <= %(day)s AND p.end_date > %(day)s
), kept AS (
    SELECT b.account_id, b.currency, b.period_id, b.is_closing, b.debit, b.credit FROM ledger_accountbalance b
    WHERE b.company_id = %(company)s AND (%(currency)s = '' OR b.currency = %(currency)s)
), sums AS (
    SELECT k.account_id, k.debit, k.credit
    FROM ledger_period p JOIN kept k ON k.period_id = p.id LEFT JOIN cut ON cut.id = p.id
    WHERE p.company_id = %(company)s
      AND ((p.end_date <= %(day)s AND (%(closing)s OR NOT k.is_closing)) OR NOT cut.is_early)
    UNION ALL
    SELECT k.account_id, x.debit * part.sign, x.credit * part.sign
    FROM cut CROSS JOIN LATERAL (SELECT CASE WHEN cut.is_early THEN 1 ELSE -1 END AS sign) AS part
    JOIN kept k ON k.period_id = cut.id AND NOT k.is_closing
    CROSS JOIN LATERAL (
        SELECT sum(l.debit) AS debit, sum(l.credit) AS credit FROM ledger_journalline l
        WHERE l.company_id = %(company)s AND l.account_id = k.account_id AND l.currency = k.currency
          AND l.date >= CASE WHEN cut.is_early THEN cut.start_date ELSE %(day)s::date + 1 END
          AND l.date <= CASE WHEN cut.is_early THEN %(day)s::date ELSE cut.end_date END) AS x
    WHERE x.debit IS NOT NULL
), totals AS (
    SELECT account_id, sum(debit) AS debit, sum(credit) AS credit FROM sums GROUP BY account_id
)
SELECT a.id, a.code, a.name, a.name_arabic, a.kind, a.normal_side, t.debit, t.credit
FROM totals t JOIN ledger_account a ON a.company_id = %(company)s AND a.id = t.account_id
ORDER BY a.code
"""


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


@dataclass(frozen=True, slots=True)
class AccountMovement:
    """Opening, turnover and closing of an account in base currency. Positive opening and closing: debit."""

    account_id: uuid.UUID
    code: str
    name: str
    name_arabic: str
    kind: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit

    @property
    def has_moved(self) -> bool:
        """Whether there is anything to show for the period."""
        return bool(self.opening or self.debit or self.credit)


def _up_to(day: dt.date, currency: str = "", *, with_closing: bool = True) -> list[AccountTotals]:
    """Return the turnover of every account from the beginning to the end of a day. One statement."""
    values = {
        "company": current_company_id(),
        "day": day,
        "currency": currency,
        "closing": with_closing,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UP_TO, values)
        return [AccountTotals(*row) for row in cursor.fetchall()]


def account_totals(*, as_of: dt.date, since: dt.date | None = None) -> list[AccountTotals]:
    """Return every account with postings in [since, as_of], by code. At most two statements. Base currency."""
    found = _up_to(as_of)
    if since is None:
        return found
    before = {row.account_id: row for row in _up_to(since - dt.timedelta(days=1))}
    moved = []
    for row in found:
        earlier = before.get(row.account_id)
        if earlier is not None:
            row = replace(
                row,
                total_debit=row.total_debit - earlier.total_debit,
                total_credit=row.total_credit - earlier.total_credit,
            )
        if row.total_debit or row.total_credit:
            moved.append(row)
    return moved


def account_movements(
    *,
    since: dt.date | None,
    until: dt.date,
    currency: str = "",
    with_closing: bool = True,
) -> list[AccountMovement]:
    """Return opening, debits and credits of [since, until] and closing of every account, by code.

    Without `since` everything is turnover. `currency` takes only what was booked in it; `with_closing` False leaves out
    what year ends booked. At most two statements.
    """
    before = {}
    if since is not None:
        earlier_day = since - dt.timedelta(days=1)
        before = {
            row.account_id: row for row in _up_to(earlier_day, currency, with_closing=with_closing)
        }
    moved = []
    for row in _up_to(until, currency, with_closing=with_closing):
        earlier = before.get(row.account_id)
        debit = earlier.total_debit if earlier else Decimal(0)
        credit = earlier.total_credit if earlier else Decimal(0)
        moved.append(
            AccountMovement(
                row.account_id,
                row.code,
                row.name,
                row.name_arabic,
                row.kind,
                debit - credit,
                row.total_debit - debit,
                row.total_credit - credit,
            )
        )
    return moved


def trial_balance(as_of: dt.date) -> list[AccountTotals]:
    """Return the accounts whose balance at the end of the day is not zero; debits equal credits."""
    return [row for row in account_totals(as_of=as_of) if row.balance]
