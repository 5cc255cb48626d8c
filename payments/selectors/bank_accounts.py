"""Payment accounts with their balances in the books and at the bank, and how they agree on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from payments.models import PaymentAccount
from payments.selectors.bank_bookings import LooseBooking, book_balance, unreconciled
from tenancy.context import current_company_id

MOST_OUTSTANDING = 10_000
_STATES = """
SELECT p.id,
       coalesce((SELECT sum(CASE WHEN c.currency = p.currency THEN b.debit - b.credit
                                 WHEN b.currency = p.currency THEN b.amount_currency ELSE 0 END)
                 FROM ledger_accountbalance b
                 WHERE b.company_id = p.company_id AND b.account_id = p.account_id), 0),
       s.closing_balance, s.date_to,
       (SELECT count(*) FROM payments_bankline l
        WHERE l.company_id = p.company_id AND l.payment_account_id = p.id AND NOT l.is_matched),
       EXISTS (SELECT 1 FROM payments_bankstatement g
               WHERE g.company_id = p.company_id AND g.payment_account_id = p.id AND g.has_gap)
FROM payments_paymentaccount p
JOIN tenancy_company c ON c.id = p.company_id
LEFT JOIN LATERAL (
    SELECT closing_balance, date_to FROM payments_bankstatement b
    WHERE b.company_id = p.company_id AND b.payment_account_id = p.id
    ORDER BY date_to DESC, id DESC LIMIT 1) AS s ON true
WHERE p.company_id = %s AND (p.is_active OR s.date_to IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class AccountState:
    """A payment account today, in its currency. `statement_balance` None: no statement yet."""

    account: PaymentAccount
    book_balance: Decimal
    statement_balance: Decimal | None
    statement_date: dt.date | None
    unmatched: int
    has_gap: bool

    @property
    def difference(self) -> Decimal | None:
        """What the bank has more than the books; not an error by itself: money may be on its way."""
        if self.statement_balance is None:
            return None
        return self.statement_balance - self.book_balance


def account_states() -> list[AccountState]:
    """Return every payment account with its balances, by code. Two statements, however many lines there are."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [current_company_id()])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        AccountState(account, *found[account.pk])
        for account in PaymentAccount.objects.filter(pk__in=found).order_by("code")
    ]


# Lines up to the day less what their match holds of bookings up to the day: the rest is not in the books yet.
_NOT_BOOKED = """
SELECT l.id, l.date, l.amount - coalesce(h.held, 0), l.narrative, l.party_name, l.reference, l.is_opening
FROM payments_bankline l
LEFT JOIN LATERAL (
    SELECT sum(i.amount) AS held
    FROM payments_bankmatch m
    JOIN payments_bankmatchitem i ON i.company_id = m.company_id AND i.match_id = m.id AND i.is_active
        AND i.payment_account_id = l.payment_account_id
    JOIN ledger_journalentry e ON e.company_id = i.company_id AND e.id = i.entry_id AND e.date <= %(as_of)s
    WHERE m.company_id = l.company_id AND m.line_id = l.id AND m.undone_at IS NULL) AS h ON true
WHERE l.company_id = %(company)s AND l.payment_account_id = %(account)s AND l.date <= %(as_of)s
  AND l.amount <> coalesce(h.held, 0)
ORDER BY l.date, l.id LIMIT %(limit)s
"""
_AT_BANK = """
WITH last AS (
    SELECT id, closing_balance, date_to FROM payments_bankstatement
    WHERE company_id = %(company)s AND payment_account_id = %(account)s AND date_to <= %(as_of)s
    ORDER BY date_to DESC, id DESC LIMIT 1
)
SELECT (SELECT closing_balance FROM last), (SELECT date_to FROM last),
       coalesce((SELECT sum(l.amount) FROM payments_bankline l
                 JOIN payments_bankstatement s ON s.company_id = l.company_id AND s.id = l.statement_id
                 WHERE l.company_id = %(company)s AND l.payment_account_id = %(account)s
                   AND l.date <= %(as_of)s AND s.date_to > %(as_of)s), 0)
"""


@dataclass(frozen=True, slots=True)
class UnbookedLine:
    """A statement line that is not, or not wholly, in the books on the day. `amount`: what is missing there."""

    line_id: uuid.UUID
    date: dt.date
    amount: Decimal
    narrative: str
    party_name: str
    reference: str
    is_opening: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Why books and bank differ on a day: book balance - outstanding + not booked = balance at the bank."""

    account: PaymentAccount
    as_of: dt.date
    book_balance: Decimal
    outstanding: tuple[LooseBooking, ...]
    not_booked: tuple[UnbookedLine, ...]
    statement_balance: Decimal | None
    statement_date: dt.date | None

    @property
    def expected(self) -> Decimal:
        """What the bank must have."""
        return (
            self.book_balance
            - sum((one.amount for one in self.outstanding), Decimal(0))
            + sum((one.amount for one in self.not_booked), Decimal(0))
        )

    @property
    def difference(self) -> Decimal:
        """What nothing explains: 0, unless a statement is missing between two others."""
        if self.statement_balance is None:
            return Decimal(0)
        return self.statement_balance - self.expected


def reconciliation(account: PaymentAccount, as_of: dt.date) -> Reconciliation:
    """Return the reconciliation of an account at the end of a day. Four statements."""
    values: dict[str, Any] = {
        "company": current_company_id(),
        "account": account.pk,
        "as_of": as_of,
        "limit": MOST_OUTSTANDING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOT_BOOKED, values)
        not_booked = tuple(UnbookedLine(*row) for row in cursor.fetchall())
        cursor.execute(_AT_BANK, {key: values[key] for key in ("company", "account", "as_of")})
        closing, day, since = cursor.fetchone()
    has_lines = closing is not None or since
    return Reconciliation(
        account=account,
        as_of=as_of,
        book_balance=book_balance(account.pk, as_of),
        outstanding=tuple(
            unreconciled(account.pk, until=as_of, as_of=as_of, limit=MOST_OUTSTANDING)
        ),
        not_booked=not_booked,
        statement_balance=(closing or Decimal(0)) + since if has_lines else None,
        statement_date=day,
    )
