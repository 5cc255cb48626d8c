"""What the books say of a payment account: movements, those no statement has, balances. In the account's currency."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from payments.bank.proposals import Booking
from tenancy.context import current_company_id

MOST_BOOKINGS = 2000
# In the account's currency where the line is in it, base currency for a base-currency account: exchange differences move
# no money. The database's payments_entry_movement says the same.
_MOVED = (
    "sum(CASE WHEN c.currency = p.currency THEN l.debit - l.credit "
    "WHEN l.currency = p.currency THEN l.amount_currency ELSE 0 END)"
)
_UNRECONCILED = f"""
WITH moved AS (
    SELECT l.entry_id, {_MOVED} AS amount
    FROM payments_paymentaccount p JOIN tenancy_company c ON c.id = p.company_id
    JOIN ledger_journalline l ON l.company_id = p.company_id AND l.account_id = p.account_id
    WHERE p.company_id = %(company)s AND p.id = %(account)s
      AND l.date <= %(until)s AND (%(since)s::date IS NULL OR l.date >= %(since)s::date)
      AND (%(entries)s::uuid[] IS NULL OR l.entry_id = ANY(%(entries)s::uuid[]))
    GROUP BY l.entry_id
), loose AS (
    SELECT m.entry_id, m.amount FROM moved m
    WHERE m.amount <> 0 AND NOT EXISTS (
        SELECT 1 FROM payments_bankmatchitem i
        JOIN payments_bankmatch b ON b.company_id = i.company_id AND b.id = i.match_id
        JOIN payments_bankline k ON k.company_id = b.company_id AND k.id = b.line_id
        WHERE i.company_id = %(company)s AND i.entry_id = m.entry_id AND i.payment_account_id = %(account)s
          AND i.is_active AND (%(as_of)s::date IS NULL OR k.date <= %(as_of)s::date))
)
SELECT e.id, e.date, o.amount, e.source_number, coalesce(y.reference, ''),
       coalesce(u.name, s.name, ''), coalesce(u.name_arabic, s.name_arabic, ''), e.description,
       e.source_kind, e.source_id
FROM loose o JOIN ledger_journalentry e ON e.company_id = %(company)s AND e.id = o.entry_id
LEFT JOIN payments_payment y ON y.company_id = e.company_id AND y.id = e.source_id
    AND e.source_kind = 'payments.payment'
LEFT JOIN ar_customer u ON u.company_id = y.company_id AND u.id = y.customer_id
LEFT JOIN ap_supplier s ON s.company_id = y.company_id AND s.id = y.supplier_id
-- an entry and its reversal that the bank never saw cancel each other out
WHERE NOT EXISTS (SELECT 1 FROM ledger_journalentry r JOIN loose x ON x.entry_id = r.id
                  WHERE r.company_id = e.company_id AND r.reverses_id = e.id)
  AND NOT EXISTS (SELECT 1 FROM loose x WHERE x.entry_id = e.reverses_id)
ORDER BY e.date, e.id LIMIT %(limit)s
"""  # noqa: S608  # the pieces are our own


@dataclass(frozen=True, slots=True)
class LooseBooking:
    """An entry that moved the account and stands on no statement; with what a person knows it by."""

    entry_id: uuid.UUID
    date: dt.date
    amount: Decimal
    number: str
    reference: str
    party: str
    party_arabic: str
    description: str
    source_kind: str
    source_id: uuid.UUID

    def as_candidate(self) -> Booking:
        """Return what matching needs of it."""
        return Booking(
            self.entry_id,
            self.date,
            self.amount,
            self.number,
            self.reference,
            self.party,
            self.description,
        )


def unreconciled(
    payment_account_id: uuid.UUID,
    *,
    until: dt.date,
    since: dt.date | None = None,
    as_of: dt.date | None = None,
    entries: Sequence[uuid.UUID] | None = None,
    limit: int = MOST_BOOKINGS,
) -> list[LooseBooking]:
    """Return bookings up to `until` without a statement line (dated up to `as_of`, if given). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UNRECONCILED,
            {
                "company": current_company_id(),
                "account": payment_account_id,
                "since": since,
                "until": until,
                "as_of": as_of,
                "entries": list(entries) if entries is not None else None,
                "limit": limit,
            },
        )
        return [LooseBooking(*row) for row in cursor.fetchall()]


_MOVEMENTS = f"""
SELECT l.entry_id, {_MOVED}
FROM payments_paymentaccount p JOIN tenancy_company c ON c.id = p.company_id
JOIN ledger_journalline l ON l.company_id = p.company_id AND l.account_id = p.account_id
WHERE p.company_id = %s AND p.id = %s AND l.entry_id = ANY(%s)
GROUP BY l.entry_id
"""  # noqa: S608  # the pieces are our own


def movements(
    payment_account_id: uuid.UUID, entries: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Decimal]:
    """Return what each entry moves on the payment account; entries that move nothing are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, [current_company_id(), payment_account_id, list(entries)])
        return {entry: amount for entry, amount in cursor.fetchall() if amount}


_BOOK = f"""
SELECT coalesce({_MOVED}, 0)
FROM payments_paymentaccount p JOIN tenancy_company c ON c.id = p.company_id
JOIN ledger_journalline l ON l.company_id = p.company_id AND l.account_id = p.account_id
WHERE p.company_id = %s AND p.id = %s AND l.date <= %s
"""  # noqa: S608  # the pieces are our own


def book_balance(payment_account_id: uuid.UUID, as_of: dt.date) -> Decimal:
    """Return the account's balance in the books at the end of a day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [current_company_id(), payment_account_id, as_of])
        return Decimal(cursor.fetchone()[0])
