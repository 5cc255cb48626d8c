"""Accruals reverse themselves on the first day of the next period (accounting.md section 4).

The mirror is posted together with the accrual when the next period is there and open, else by the daily run as soon as
it is. The ledger accepts one mirror of an entry, so running twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import connection

from core.transactions import write
from ledger.services.journal import journal_reverse
from tenancy.context import current_company_id

PURPOSE = "reverse"

_DUE = """
SELECT e.id, n.start_date
FROM ledger_journalentry e
JOIN ledger_period p ON p.company_id = e.company_id AND p.id = e.period_id
JOIN ledger_period n ON n.company_id = e.company_id AND n.start_date = p.end_date + 1 AND n.state <> 'closed'
WHERE e.company_id = %(company)s AND e.kind = 'accrual' AND (%(ids)s::uuid[] IS NULL OR e.id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id)
ORDER BY e.date, e.id
"""


@write
def accruals_reverse(*, entry_ids: Sequence[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Post the mirrors that are due, of the named entries or of all; returns the mirrors' ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {"company": current_company_id(), "ids": list(entry_ids) if entry_ids else None},
        )
        due = cursor.fetchall()
    return [
        journal_reverse(entry_id=entry_id, date=first_day, purpose=PURPOSE)
        for entry_id, first_day in due
    ]
