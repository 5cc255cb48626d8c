"""Fiscal years with their results, and the first day on which one may post."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from tenancy.context import current_company_id

# Results come from the kept sums without what year ends booked, so a closed year still shows its result.
_YEARS = """
SELECT p.fiscal_year, min(p.start_date), max(p.end_date), bool_and(p.state = 'closed'),
       COALESCE((SELECT sum(b.credit - b.debit) FROM ledger_accountbalance b
                 JOIN ledger_period q ON q.company_id = b.company_id AND q.id = b.period_id
                 JOIN ledger_account a ON a.company_id = b.company_id AND a.id = b.account_id
                 WHERE b.company_id = %(company)s AND q.fiscal_year = p.fiscal_year AND NOT b.is_closing
                   AND a.kind IN ('revenue', 'contra_revenue', 'expense', 'contra_expense')), 0),
       (SELECT e.id FROM ledger_journalentry e
        WHERE e.company_id = %(company)s AND e.is_closing AND e.kind = 'closing'
          AND e.source_kind = 'ledger.year' AND e.source_number = p.fiscal_year::text
          AND NOT EXISTS (SELECT 1 FROM ledger_journalentry r
                          WHERE r.company_id = e.company_id AND r.reverses_id = e.id))
FROM ledger_period p WHERE p.company_id = %(company)s GROUP BY p.fiscal_year ORDER BY p.fiscal_year
"""


@dataclass(frozen=True, slots=True)
class YearState:
    """A fiscal year. `result` in base currency, a profit positive; `closing_journal` while it is closed."""

    fiscal_year: int
    start_date: dt.date
    end_date: dt.date
    periods_closed: bool
    result: Decimal
    closing_journal: uuid.UUID | None

    @property
    def is_closed(self) -> bool:
        """All periods are closed and the result, if any, is in retained earnings."""
        return self.periods_closed and (self.closing_journal is not None or self.result == 0)


def fiscal_years() -> list[YearState]:
    """Return the company's fiscal years, oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"company": current_company_id()})
        return [YearState(*row) for row in cursor.fetchall()]
