"""Days as the company counts them: its time zone, its financial year."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import timezone

RIYADH = "Asia/Riyadh"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_date(moment: dt.datetime, timezone_name: str = RIYADH) -> dt.date:
    """Return the day of an aware moment in the company's time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(_zone(timezone_name)).date()


def local_today(timezone_name: str = RIYADH) -> dt.date:
    """Return today's date in the company's time zone."""
    return local_date(timezone.now(), timezone_name)


def month_start(day: dt.date) -> dt.date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def fiscal_year(day: dt.date, start_month: int = 1) -> tuple[dt.date, dt.date]:
    """Return first and last day of the financial year that contains the day; it begins in `start_month`."""
    year = day.year if day.month >= start_month else day.year - 1
    first = dt.date(year, start_month, 1)
    return first, month_end(add_months(first, 11))


def days_overdue(due: dt.date, on: dt.date) -> int:
    """Return how many days a due date has passed; 0 when it has not."""
    return max((on - due).days, 0)
