"""Journal lines with running balances: ledger of an account, statement of a party, balances of parties."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from tenancy.context import current_company_id

_BEGINNING, _END = dt.date(1900, 1, 1), dt.date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A journal line with the balance after it, in base currency; positive: debit."""

    entry_id: uuid.UUID
    date: dt.date
    source_kind: str
    source_id: uuid.UUID
    source_number: str
    description: str
    kind: str
    account_code: str
    party_id: uuid.UUID | None
    currency: str
    amount_currency: Decimal
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Lines of a period in order, with what was before and what all of them sum to."""

    opening: Decimal
    debit: Decimal
    credit: Decimal
    count: int
    lines: tuple[LedgerLine, ...]

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


_SUMS = """
SELECT coalesce(sum(debit - credit) FILTER (WHERE l.date < %(since)s), 0),
       coalesce(sum(debit) FILTER (WHERE l.date >= %(since)s), 0),
       coalesce(sum(credit) FILTER (WHERE l.date >= %(since)s), 0),
       count(*) FILTER (WHERE l.date >= %(since)s)
FROM ledger_journalline l
WHERE l.company_id = %(company)s AND {where} AND l.date <= %(until)s
"""
_LINES = """
SELECT e.id, l.date, e.source_kind, e.source_id, e.source_number,
       coalesce(nullif(l.description, ''), e.description), e.kind, a.code,
       l.party_id, l.currency, l.amount_currency, l.debit, l.credit, %(opening)s + l.running
FROM (SELECT l.*, sum(l.debit - l.credit) OVER (ORDER BY l.date, l.id) AS running
      FROM ledger_journalline l
      WHERE l.company_id = %(company)s AND {where} AND l.date BETWEEN %(since)s AND %(until)s
      ORDER BY l.date, l.id LIMIT %(limit)s OFFSET %(offset)s) AS l
JOIN ledger_journalentry e ON e.company_id = %(company)s AND e.id = l.entry_id
JOIN ledger_account a ON a.company_id = %(company)s AND a.id = l.account_id
ORDER BY l.date, l.id
"""
_ACCOUNT = "l.account_id = %(account)s"
_PARTY = (
    "l.party_id = %(party)s AND l.account_id IN (SELECT id FROM ledger_account "
    "WHERE company_id = %(company)s AND subledger = %(subledger)s)"
)


def _page(
    where: str,
    values: dict[str, Any],
    since: dt.date | None,
    until: dt.date | None,
    number: int,
    size: int,
) -> LedgerPage:
    values |= {
        "company": current_company_id(),
        "since": since or _BEGINNING,
        "until": until or _END,
        "limit": size,
        "offset": (number - 1) * size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(where=where), values)
        opening, debit, credit, count = cursor.fetchone()
        values["opening"] = opening
        cursor.execute(_LINES.format(where=where), values)
        lines = tuple(LedgerLine(*row) for row in cursor.fetchall())
    return LedgerPage(opening, debit, credit, count, lines)


def account_ledger(
    account_id: uuid.UUID,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    number: int = 1,
    size: int = 100,
) -> LedgerPage:
    """Return a page of an account's lines between two days. Two statements."""
    return _page(_ACCOUNT, {"account": account_id}, since, until, number, size)


def party_statement(
    party_id: uuid.UUID,
    *,
    subledger: str = "customer",
    since: dt.date | None = None,
    until: dt.date | None = None,
    number: int = 1,
    size: int = 100,
) -> LedgerPage:
    """Return a page of what was booked for a party on its control accounts. Two statements."""
    values = {"party": party_id, "subledger": subledger}
    return _page(_PARTY, values, since, until, number, size)


_BALANCES = """
SELECT l.party_id, sum(l.debit - l.credit)
FROM ledger_journalline l JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
WHERE l.company_id = %s AND a.subledger = %s AND l.party_id = ANY(%s)
GROUP BY l.party_id
"""


def party_balances(
    party_ids: Sequence[uuid.UUID], *, subledger: str = "customer"
) -> dict[uuid.UUID, Decimal]:
    """Return the balance of each named party in base currency; positive: it owes us. One statement."""
    if not party_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [current_company_id(), subledger, list(party_ids)])
        return dict(cursor.fetchall())


_CONTROL = """
SELECT l.party_id, sum(l.debit), sum(l.credit)
FROM ledger_account a JOIN ledger_journalline l ON l.company_id = a.company_id AND l.account_id = a.id
WHERE a.company_id = %s AND a.role = %s AND l.date <= %s
GROUP BY l.party_id
HAVING sum(l.debit - l.credit) <> 0
"""


def control_by_party(role: str, as_of: dt.date) -> dict[uuid.UUID | None, Decimal]:
    """Return the balance of every party on a control account at the end of the day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTROL, [current_company_id(), role, as_of])
        return {party: debit - credit for party, debit, credit in cursor.fetchall()}
