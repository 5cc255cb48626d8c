"""Balances of accounts: kept sums for whole periods, journal lines for the days of the period that is cut (FT-5)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from tenancy.context import current_company_id

# Whole periods come from the kept balances: hundreds of rows, however many journal lines there are. Of the period that
# a day cuts, the shorter part is read line by line, account by account on its index: the days up to the day, or the
# days after it, which are taken off the kept sum. A period with a year end is read from its start, where its entries can
# be told apart.
_UP_TO = """
WITH days AS (
    SELECT DISTINCT unnest(%(days)s::date[]) AS day
), cut AS (
    SELECT d.day, p.id, p.start_date, p.end_date, c.found AS has_closing,
           c.found OR d.day - p.start_date < p.end_date - d.day AS is_early
    FROM days d JOIN ledger_period p ON p.company_id = %(company)s AND p.start_date <= d.day AND p.end_date > d.day
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT FROM ledger_accountbalance b
        WHERE b.company_id = p.company_id AND b.period_id = p.id AND b.is_closing) AS found) AS c
), kept AS (
    SELECT b.account_id, b.currency, b.period_id, p.end_date, b.is_closing, b.debit, b.credit
    FROM ledger_period p JOIN ledger_accountbalance b ON b.company_id = p.company_id AND b.period_id = p.id
    WHERE p.company_id = %(company)s AND p.end_date >= %(beginning)s::date
      AND (%(currency)s = '' OR b.currency = %(currency)s)
), sums AS (
    SELECT d.day, k.account_id, k.debit, k.credit
    FROM days d CROSS JOIN kept k LEFT JOIN cut ON cut.id = k.period_id AND cut.day = d.day
    WHERE (k.end_date <= d.day AND (%(closing)s OR NOT k.is_closing)) OR NOT cut.is_early
    UNION ALL
    SELECT cut.day, k.account_id, x.debit * part.sign, x.credit * part.sign
    FROM cut CROSS JOIN LATERAL (SELECT CASE WHEN cut.is_early THEN 1 ELSE -1 END AS sign) AS part
    JOIN (SELECT DISTINCT account_id, currency, period_id FROM kept) k ON k.period_id = cut.id
    CROSS JOIN LATERAL (
        SELECT sum(l.debit) AS debit, sum(l.credit) AS credit FROM ledger_journalline l
        WHERE l.company_id = %(company)s AND l.account_id = k.account_id AND l.currency = k.currency
          AND l.date >= CASE WHEN cut.is_early THEN cut.start_date ELSE cut.day + 1 END
          AND l.date <= CASE WHEN cut.is_early THEN cut.day ELSE cut.end_date END
          AND (%(closing)s OR NOT cut.has_closing OR NOT EXISTS (
              SELECT FROM ledger_journalentry e
              WHERE e.company_id = l.company_id AND e.id = l.entry_id AND e.is_closing))) AS x
    WHERE x.debit IS NOT NULL
), totals AS (
    SELECT day, account_id, sum(debit) AS debit, sum(credit) AS credit FROM sums GROUP BY 1, 2
)
SELECT t.day, a.id, a.code, a.name, a.name_arabic, a.kind, a.normal_side, t.debit, t.credit, a.role
FROM totals t JOIN ledger_account a ON a.company_id = %(company)s AND a.id = t.account_id
ORDER BY a.code
"""
_BEGINNING = dt.date(1900, 1, 1)
_ONE_DAY = dt.timedelta(days=1)


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
    role: str = ""

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


def _up_to(
    days: Sequence[dt.date],
    currency: str = "",
    *,
    with_closing: bool = True,
    beginning: dt.date = _BEGINNING,
) -> dict[dt.date, dict[uuid.UUID, AccountTotals]]:
    """Return the turnover of every account to the end of each day, by code. One statement.

    It is counted from the beginning of the period of `beginning`: differences between two days are right.
    """
    values: dict[str, Any] = {
        "company": current_company_id(),
        "days": list(days),
        "currency": currency,
        "closing": with_closing,
        "beginning": beginning,
    }
    found: dict[dt.date, dict[uuid.UUID, AccountTotals]] = {day: {} for day in days}
    with connection.cursor() as cursor:
        cursor.execute(_UP_TO, values)
        for day, *row in cursor.fetchall():
            totals = AccountTotals(*row)
            found[day][totals.account_id] = totals
    return found


def _less(row: AccountTotals, earlier: AccountTotals | None) -> AccountTotals:
    if earlier is None:
        return row
    return replace(
        row,
        total_debit=row.total_debit - earlier.total_debit,
        total_credit=row.total_credit - earlier.total_credit,
    )


def account_totals(*, as_of: dt.date, since: dt.date | None = None) -> list[AccountTotals]:
    """Return every account with postings in [since, as_of], by code. One statement. Base currency."""
    if since is None:
        return list(_up_to([as_of])[as_of].values())
    return account_turnovers([(since, as_of)])[0]


def account_turnovers(
    spans: Sequence[tuple[dt.date, dt.date]], *, with_closing: bool = True
) -> list[list[AccountTotals]]:
    """Return for each span of days every account with postings in it, by code. One statement for all of them."""
    before = [first - _ONE_DAY for first, _last in spans]
    days = [*before, *(last for _first, last in spans)]
    found = _up_to(days, with_closing=with_closing, beginning=min(before))
    made = []
    for earlier, (_first, last) in zip(before, spans, strict=True):
        rows = (_less(row, found[earlier].get(key)) for key, row in found[last].items())
        made.append([row for row in rows if row.total_debit or row.total_credit])
    return made


def account_balances(days: Sequence[dt.date]) -> list[list[AccountTotals]]:
    """Return every account with postings at the end of each day, by code. One statement for all of them."""
    found = _up_to(days)
    return [list(found[day].values()) for day in days]


def account_movements(
    *, since: dt.date | None, until: dt.date, currency: str = ""
) -> list[AccountMovement]:
    """Return opening, debits and credits of [since, until] and closing of every account, by code. One statement.

    Without `since` everything is turnover. `currency` takes only what was booked in it.
    """
    before_day = since - _ONE_DAY if since is not None else None
    found = _up_to([until] if before_day is None else [before_day, until], currency)
    before = found[before_day] if before_day is not None else {}
    moved = []
    for row in found[until].values():
        earlier = before.get(row.account_id)
        turnover = _less(row, earlier)
        moved.append(
            AccountMovement(
                row.account_id,
                row.code,
                row.name,
                row.name_arabic,
                row.kind,
                earlier.balance if earlier else Decimal(0),
                turnover.total_debit,
                turnover.total_credit,
            )
        )
    return moved


def trial_balance(as_of: dt.date) -> list[AccountTotals]:
    """Return the accounts whose balance at the end of the day is not zero; debits equal credits."""
    return [row for row in account_totals(as_of=as_of) if row.balance]
