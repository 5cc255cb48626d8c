"""Year end (accounting.md sections 4 G4 and 10): one closing journal brings classes 4 to 8 to zero."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from core.errors import N_
from core.ids import uuid5_of
from core.transactions import write
from ledger.errors import ReasonMissing, YearNotReady
from ledger.models import JournalEntry, Period
from ledger.posting import AccountRole, Book, JournalDraft, PostingLine
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.periods import (
    CLOSED,
    CLOSING,
    closing_entries,
    closing_entry,
    period_move,
)
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

SOURCE = "ledger.year"
ZERO = Decimal(0)

_RESULT_ACCOUNTS = """
SELECT a.id, sum(b.debit - b.credit)
FROM ledger_period p
JOIN ledger_accountbalance b ON b.company_id = p.company_id AND b.period_id = p.id
JOIN ledger_account a ON a.company_id = b.company_id AND a.id = b.account_id
WHERE p.company_id = %s AND p.fiscal_year {which} %s
  AND a.kind IN ('revenue', 'contra_revenue', 'expense', 'contra_expense')
GROUP BY a.id, a.code HAVING sum(b.debit - b.credit) <> 0 ORDER BY a.code
"""


@dataclass(frozen=True, slots=True)
class YearResult:
    """What closing a year would book. `result` positive: profit, in base currency."""

    fiscal_year: int
    balances: tuple[tuple[uuid.UUID, Decimal], ...]

    @property
    def result(self) -> Decimal:
        return -sum((amount for _account, amount in self.balances), ZERO)


def year_result(fiscal_year: int) -> YearResult:
    """Return the balances of classes 4 to 8 of a year, from the kept sums. One statement."""
    return YearResult(fiscal_year, _balances(fiscal_year, "="))


def _balances(fiscal_year: int, which: str) -> tuple[tuple[uuid.UUID, Decimal], ...]:
    with connection.cursor() as cursor:
        cursor.execute(_RESULT_ACCOUNTS.format(which=which), [current_company_id(), fiscal_year])
        return tuple(cursor.fetchall())


def closing_draft(
    year: YearResult, *, date: dt.date, source_id: uuid.UUID, purpose: str, currency: str
) -> JournalDraft | None:
    """Return G4: every account of classes 4 to 8 to zero, the difference to retained earnings; None without any."""
    if not year.balances:
        return None
    lines = [
        PostingLine(account_id=account, debit=max(-amount, ZERO), credit=max(amount, ZERO))
        for account, amount in year.balances
    ]
    if year.result:
        lines.append(
            PostingLine(
                role=AccountRole.RETAINED_EARNINGS,
                debit=max(-year.result, ZERO),
                credit=max(year.result, ZERO),
            )
        )
    return JournalDraft(
        date=date,
        book=Book.CLOSING,
        kind="closing",
        source_kind=SOURCE,
        source_id=source_id,
        source_number=str(year.fiscal_year),
        purpose=purpose,
        description=str(year.fiscal_year),
        currency=currency,
        lines=tuple(lines),
    )


def _periods(fiscal_year: int) -> list[Period]:
    rows = list(
        Period.objects.select_for_update().filter(fiscal_year=fiscal_year).order_by("start_date")
    )
    if not rows:
        raise YearNotReady(
            N_("There are no periods of %(year)s."), params={"year": fiscal_year}, field="year"
        )
    return rows


@write
def year_close(*, fiscal_year: int, actor: Principal) -> JournalEntry | None:
    """Post the closing journal, dated the last day, and close all periods of the year; returns the journal if any.

    Years are closed in order. Raises YearNotReady, PermissionRefused.
    """
    require(actor, "ledger.year.close")
    periods = _periods(fiscal_year)
    if closing_entry(fiscal_year) is not None:
        raise YearNotReady(
            N_("The year %(year)s is closed already."), params={"year": fiscal_year}, field="year"
        )
    if _balances(fiscal_year, "<"):
        raise YearNotReady(
            N_("An earlier year still has a result: close the years in order."), field="year"
        )
    last = periods[-1]
    if last.state == CLOSED:
        require(actor, "ledger.period.reopen")
        period_move(last, CLOSING, reason=f"Year end {fiscal_year}")
    source_id = uuid5_of(current_company_id(), SOURCE, fiscal_year)
    draft = closing_draft(
        year_result(fiscal_year),
        date=last.end_date,
        source_id=source_id,
        purpose=f"close-{_times(source_id) + 1}",
        currency=actor.currency,
    )
    posted = journal_post([draft]) if draft is not None else []
    for period in periods:
        if period.state != CLOSED:
            period_move(period, CLOSED)
    return JournalEntry.objects.get(pk=posted[0]) if posted else None


def _times(source_id: uuid.UUID) -> int:
    return int(
        JournalEntry.objects.filter(
            source_kind=SOURCE, source_id=source_id, reverses__isnull=True
        ).count()
    )


@write
def year_reopen(*, fiscal_year: int, reason: str, actor: Principal) -> Period:
    """Reverse the closing journal on its day and put the last period into state closing; returns that period.

    By an owner with a reason, the last closed year first. Raises YearNotReady, ReasonMissing, PermissionRefused.
    """
    require(actor, "ledger.period.reopen")
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(N_("State why the year is reopened."), field="reason")
    periods = _periods(fiscal_year)
    entry = closing_entry(fiscal_year)
    if entry is None:
        raise YearNotReady(
            N_("The year %(year)s is not closed."), params={"year": fiscal_year}, field="year"
        )
    later = closing_entries().filter(date__gt=entry.date).order_by("date").first()
    if later is not None:
        raise YearNotReady(
            N_("The year %(year)s is closed after it: reopen that one first."),
            params={"year": later.source_number},
            field="year",
        )
    last = periods[-1]
    period_move(last, CLOSING, reason=reason)
    journal_reverse(
        entry_id=entry.pk,
        date=entry.date,
        purpose=f"reopen-{_times(entry.source_id)}",
        description=reason,
    )
    return last
