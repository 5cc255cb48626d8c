"""Periods: open, closing, closed (accounting.md section 10). What a state refuses, the journal's trigger refuses."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from core.errors import N_, DomainError
from core.transactions import write
from ledger.errors import PeriodStale, PeriodState, ReasonMissing, YearClosed
from ledger.models import JournalEntry, Period
from tenancy.permissions import require
from tenancy.principal import Principal

_MONTHS = 12
OPEN, CLOSING, CLOSED = Period.State.OPEN, Period.State.CLOSING, Period.State.CLOSED

#: (from, to) -> permission. What is not named is refused.
TRANSITIONS: Final[dict[tuple[str, str], str]] = {
    (OPEN, CLOSING): "ledger.period.close",
    (OPEN, CLOSED): "ledger.period.close",
    (CLOSING, CLOSED): "ledger.period.close",
    (CLOSING, OPEN): "ledger.period.close",
    (CLOSED, OPEN): "ledger.period.reopen",
    (CLOSED, CLOSING): "ledger.period.reopen",
}


def fiscal_year_of(day: dt.date, start_month: int = 1) -> int:
    """Return the fiscal year a day lies in; it is named after the calendar year in which it begins."""
    return day.year if day.month >= start_month else day.year - 1


def periods_open_year(*, year: int, start_month: int = 1) -> int:
    """Create the twelve monthly periods of a fiscal year; those that exist stay. Returns how many there are now."""
    rows = []
    for offset in range(12):
        month = (start_month - 1 + offset) % 12 + 1
        calendar_year = year + (start_month - 1 + offset) // 12
        last = calendar.monthrange(calendar_year, month)[1]
        rows.append(
            Period(
                start_date=dt.date(calendar_year, month, 1),
                end_date=dt.date(calendar_year, month, last),
                fiscal_year=year,
            )
        )
    Period.objects.bulk_create(rows, ignore_conflicts=True)
    return int(Period.objects.filter(fiscal_year=year).count())


@write
def periods_add_year(*, start_month: int = 1, actor: Principal) -> int:
    """Create the periods of the year after the last one; returns that year."""
    require(actor, "ledger.period.close")
    last = Period.objects.aggregate(last=Max("end_date"))["last"]
    day = (last + dt.timedelta(days=1)) if last else timezone.localdate()
    year = fiscal_year_of(day, start_month)
    periods_open_year(year=year, start_month=start_month)
    return year


def periods_keep_ahead(*, today: dt.date, start_month: int = 1) -> int:
    """Create the periods of this and the next fiscal year where they are missing; returns how many were made."""
    before = Period.objects.count()
    year = fiscal_year_of(today, start_month)
    for wanted in (year, year + 1):
        if Period.objects.filter(fiscal_year=wanted).count() < _MONTHS:
            periods_open_year(year=wanted, start_month=start_month)
    return int(Period.objects.count() - before)


def closing_entries() -> QuerySet[JournalEntry]:
    """Return the journals that closed years which are still closed."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.filter(
        source_kind="ledger.year", reverses__isnull=True
    )
    taken_back = JournalEntry.objects.filter(source_kind="ledger.year", reverses__isnull=False)
    return rows.exclude(pk__in=taken_back.values("reverses"))


def closing_entry(fiscal_year: int) -> JournalEntry | None:
    """Return the journal that closed the year, or None while the year is open."""
    return closing_entries().filter(source_number=str(fiscal_year)).first()


@write
def period_set_state(
    *,
    period_id: uuid.UUID,
    state: str,
    actor: Principal,
    reason: str = "",
    version: int | None = None,
) -> Period:
    """Move a period to open, closing or closed; a journal on its way waits or goes first (the trigger's FOR SHARE).

    A closed one is reopened by an owner with a reason, and not while its year is closed. Raises PeriodState,
    ReasonMissing, YearClosed, PeriodStale, PermissionRefused.
    """
    if state not in Period.State.values:
        raise DomainError(N_("A period is open, closing or closed."), code="invalid", field="state")
    period: Period = Period.objects.select_for_update().get(pk=period_id)
    permission = TRANSITIONS.get((period.state, state))
    require(actor, permission or "ledger.period.close")
    if permission is None:
        raise PeriodState(N_("The period is in this state already."), field="state")
    if version is not None and version != period.version:
        raise PeriodStale(N_("Somebody changed the period meanwhile."), field="version")
    if period.state == CLOSED:
        reason = reason.strip()
        if not reason:
            raise ReasonMissing(N_("State why the period is reopened."), field="reason")
        if closing_entry(period.fiscal_year) is not None:
            raise YearClosed(
                N_("The year %(year)s is closed: reopen the year first."),
                field="state",
                params={"year": period.fiscal_year},
            )
    return period_move(period, state, reason=reason)


def period_move(period: Period, state: str, *, reason: str = "") -> Period:
    """Store the state of a locked period row. For services of the books that have checked who and why."""
    if period.state == CLOSED:
        period.reopen_reason = reason
    period.state = state
    period.closed_at = timezone.now() if state == CLOSED else None
    period.version += 1
    period.save(update_fields=["state", "closed_at", "reopen_reason", "version"])
    return period
