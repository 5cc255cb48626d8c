"""Entries posted after the day they are dated: why a report of a past day may differ from its print (accounting.md 11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.dates import local_date
from tenancy.context import current_company_id

MOST_COUNTED = 100
#: On the partial index of late entries, from the newest one.
_LATE = """
SELECT e.posted_at, e.source_number, u.full_name, u.email
FROM ledger_journalentry e LEFT JOIN tenancy_user u ON u.id = e.posted_by_id
WHERE e.company_id = %(company)s AND (e.posted_at AT TIME ZONE 'UTC')::date > e.date
  AND e.date <= %(as_of)s::date AND e.posted_at >= %(from)s::timestamptz
ORDER BY e.posted_at DESC LIMIT %(limit)s
"""
_RIYADH_HOURS = dt.timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class LatePostings:
    """How many entries came later than a day they count for, and the last of them."""

    count: int
    is_more: bool
    number: str
    person: str
    posted_on: dt.date


def posted_later(as_of: dt.date) -> LatePostings | None:
    """Return what was posted after the end of a day into that day or before it. One statement."""
    midnight = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), dt.UTC) - _RIYADH_HOURS
    values: dict[str, Any] = {
        "company": current_company_id(),
        "as_of": as_of,
        "from": midnight,
        "limit": MOST_COUNTED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATE, values)
        rows = cursor.fetchall()
    if not rows:
        return None
    posted_at, number, name, email = rows[0]
    return LatePostings(
        min(len(rows), MOST_COUNTED),
        len(rows) > MOST_COUNTED,
        number,
        name or email or "",
        local_date(posted_at),
    )
