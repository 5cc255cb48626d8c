"""When a recurring invoice is due next. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum


class Frequency(StrEnum):
    """How often an invoice repeats."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}


def nth_date(start: dt.date, frequency: Frequency, number: int) -> dt.date:
    """Return the date of the `number`th repetition, 0 for the first.

    Months are counted from the first date: one that starts on the 31st falls on the last day of shorter months and on
    the 31st again afterwards.
    """
    if frequency == Frequency.WEEKLY:
        return start + dt.timedelta(weeks=number)
    month = start.month - 1 + number * _MONTHS[frequency]
    year, month = start.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def next_date(
    start: dt.date, frequency: Frequency, after: dt.date | None, end: dt.date | None = None
) -> dt.date | None:
    """Return the first date later than `after` (the start itself without one), None once the end has passed."""
    number = 0
    if after is not None and after >= start:
        days = (after - start).days
        # close below, then step: exact for every calendar
        number = days // 7 if frequency == Frequency.WEEKLY else days // (31 * _MONTHS[frequency])
        while nth_date(start, frequency, number) <= after:
            number += 1
    found = nth_date(start, frequency, number)
    return None if end is not None and found > end else found
