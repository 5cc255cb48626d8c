"""Journal lines read by key, page after page, without counting what was passed: ledger of an account, journal, statements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import connection

from tenancy.context import current_company_id

ZERO = Decimal(0)
#: Rows read at once when everything is wanted.
CHUNK = 2000
SALT = "reports.ledger"
_FIRST = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: after this line, with the balance so far."""

    date: dt.date
    id: uuid.UUID
    balance: Decimal

    def signed(self) -> str:
        """Return it as a text nobody can change: the balance is part of it."""
        return signing.dumps(
            [self.date.isoformat(), str(self.id), str(self.balance)], salt=SALT, compress=True
        )


def place_of(text: str) -> Place | None:
    """Return the place of an address, or None when it is none of ours."""
    if not text:
        return None
    try:
        day, key, balance = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Place(dt.date.fromisoformat(day), uuid.UUID(key), Decimal(balance))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A journal line with the balance after it; positive: debit. Base currency besides `amount_currency`."""

    id: uuid.UUID
    entry_id: uuid.UUID
    date: dt.date
    kind: str
    source_kind: str
    source_id: uuid.UUID
    source_number: str
    description: str
    currency: str
    amount_currency: Decimal
    debit: Decimal
    credit: Decimal
    balance: Decimal
    opposite: str


# The other accounts of the entry, by number; few for each line, and only for the lines of the page.
_LINES = """
SELECT l.id, l.entry_id, l.date, e.kind, e.source_kind, e.source_id, e.source_number,
       coalesce(nullif(l.description, ''), e.description), l.currency, l.amount_currency, l.debit, l.credit,
       %(balance)s::numeric + sum(l.debit - l.credit) OVER (ORDER BY l.date, l.id), o.codes
FROM (SELECT l.* FROM ledger_journalline l
      WHERE l.company_id = %(company)s AND {where} AND l.date BETWEEN %(since)s::date AND %(until)s::date
        AND (l.date, l.id) > (%(after_day)s::date, %(after_id)s::uuid)
      ORDER BY l.date, l.id LIMIT %(limit)s::int) AS l
JOIN ledger_journalentry e ON e.company_id = %(company)s AND e.id = l.entry_id
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(DISTINCT a.code, ', ' ORDER BY a.code), '') AS codes
    FROM ledger_journalline x JOIN ledger_account a ON a.company_id = x.company_id AND a.id = x.account_id
    WHERE x.company_id = %(company)s AND x.entry_id = l.entry_id AND x.account_id <> l.account_id
      AND (x.debit > 0) = (l.credit > 0)) AS o
ORDER BY l.date, l.id
"""
_OF_ACCOUNT = "l.account_id = %(account)s::uuid"
# materialized ids of the control accounts: the index on the party does the rest
_OF_PARTY = (
    "l.party_id = %(party)s::uuid AND l.account_id IN (SELECT id FROM ledger_account "
    "WHERE company_id = %(company)s AND role = ANY(%(roles)s::text[]))"
)
_BEFORE = """
SELECT coalesce(sum(l.debit - l.credit), 0) FROM ledger_journalline l
WHERE l.company_id = %(company)s AND {where} AND l.date < %(since)s::date
"""
_SUMS = """
SELECT coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0) FROM ledger_journalline l
WHERE l.company_id = %(company)s AND {where} AND l.date BETWEEN %(since)s::date AND %(until)s::date
"""


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines are meant: those of an account, or those of a party on its control accounts."""

    where: str
    values: dict[str, Any]


def of_account(account_id: uuid.UUID) -> Lines:
    """Return the lines of an account."""
    return Lines(_OF_ACCOUNT, {"account": account_id})


def of_party(party_id: uuid.UUID, roles: Sequence[str]) -> Lines:
    """Return the lines of a party on the accounts with these roles."""
    return Lines(_OF_PARTY, {"party": party_id, "roles": list(roles)})


def _ask(sql: str, lines: Lines, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.format(where=lines.where),
            {"company": current_company_id(), **lines.values, **values},
        )
        return cursor.fetchall()


def balance_before(lines: Lines, day: dt.date) -> Decimal:
    """Return the balance at the end of the day before. One statement over all earlier lines."""
    balance: Decimal = _ask(_BEFORE, lines, since=day)[0][0]
    return balance


def turnover(lines: Lines, first: dt.date, last: dt.date) -> tuple[Decimal, Decimal]:
    """Return debits and credits of a span. One statement."""
    debit, credit = _ask(_SUMS, lines, since=first, until=last)[0]
    return debit, credit


def ledger_page(
    lines: Lines, *, first: dt.date, last: dt.date, place: Place, limit: int
) -> list[LedgerLine]:
    """Return the lines after a place, in order of date. One statement."""
    rows = _ask(
        _LINES,
        lines,
        since=first,
        until=last,
        after_day=place.date,
        after_id=place.id,
        balance=place.balance,
        limit=limit,
    )
    return [LedgerLine(*row) for row in rows]


def beginning(first: dt.date, opening: Decimal) -> Place:
    """Return the place before the first line of a span."""
    return Place(first - dt.timedelta(days=1), _FIRST, opening)


def ledger_lines(
    lines: Lines, *, first: dt.date, last: dt.date, opening: Decimal
) -> Iterator[LedgerLine]:
    """Yield every line of a span; memory stays flat. A statement for each CHUNK."""
    place = beginning(first, opening)
    while True:
        rows = ledger_page(lines, first=first, last=last, place=place, limit=CHUNK)
        yield from rows
        if len(rows) < CHUNK:
            return
        place = Place(rows[-1].date, rows[-1].id, rows[-1].balance)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line of one entry, as the journal lists them."""

    entry_id: uuid.UUID
    date: dt.date
    book: str
    kind: str
    source_kind: str
    source_id: uuid.UUID
    source_number: str
    description: str
    code: str
    name: str
    name_arabic: str
    debit: Decimal
    credit: Decimal


_JOURNAL = """
SELECT e.id, e.date, e.book, e.kind, e.source_kind, e.source_id, e.source_number, e.description,
       a.code, a.name, a.name_arabic, l.debit, l.credit
FROM (SELECT * FROM ledger_journalentry e
      WHERE e.company_id = %(company)s AND e.date BETWEEN %(since)s::date AND %(until)s::date
        AND (e.date, e.id) > (%(after_day)s::date, %(after_id)s::uuid)
        AND (%(book)s::text = '' OR e.book = %(book)s::text) AND (%(kind)s::text = '' OR e.kind = %(kind)s::text)
      ORDER BY e.date, e.id LIMIT %(limit)s::int) AS e
JOIN ledger_journalline l ON l.company_id = %(company)s AND l.entry_id = e.id
JOIN ledger_account a ON a.company_id = %(company)s AND a.id = l.account_id
ORDER BY e.date, e.id, l.position
"""


def journal_page(
    *, first: dt.date, last: dt.date, place: Place, limit: int, book: str = "", kind: str = ""
) -> list[JournalRow]:
    """Return the lines of the entries after a place, `limit` entries at most. One statement."""
    values: dict[str, Any] = {
        "company": current_company_id(),
        "since": first,
        "until": last,
        "after_day": place.date,
        "after_id": place.id,
        "book": book,
        "kind": kind,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JOURNAL, values)
        return [JournalRow(*row) for row in cursor.fetchall()]


def journal_rows(
    *, first: dt.date, last: dt.date, book: str = "", kind: str = ""
) -> Iterator[JournalRow]:
    """Yield every line of a span; memory stays flat."""
    place = beginning(first, ZERO)
    while True:
        rows = journal_page(first=first, last=last, place=place, limit=CHUNK, book=book, kind=kind)
        if not rows:
            return
        yield from rows
        place = Place(rows[-1].date, rows[-1].entry_id, ZERO)
