"""Open and close periods (L6)."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from core.errors import N_, DomainError
from ledger.models import Period


class PeriodState(DomainError):
    """A period is open, closing or closed."""

    code = "period_state"


def periods_open_year(*, year: int, start_month: int = 1) -> None:
    """Create the twelve monthly periods of a fiscal year; those that exist stay as they are."""
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


@transaction.atomic
def period_set_state(*, period_id: uuid.UUID, state: str) -> Period:
    """Move a period to open, closing or closed. A journal on its way waits or goes first (FOR SHARE)."""
    if state not in Period.State.values:
        raise PeriodState(N_("A period is open, closing or closed."), field="state")
    period: Period = Period.objects.select_for_update().get(pk=period_id)
    period.state = state
    period.closed_at = timezone.now() if state == Period.State.CLOSED else None
    period.version += 1
    period.save(update_fields=["state", "closed_at", "version"])
    return period
