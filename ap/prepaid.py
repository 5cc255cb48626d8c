"""Months of a prepaid amount (accounting.md G1). Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from core.money import ZERO, distribute, minor_digits


def month_end(first: dt.date, months: int) -> dt.date:
    """Return the last day of the month that is `months` after the one of `first`."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def months_of(
    amount: Decimal, *, start: dt.date, months: int, currency: str
) -> list[tuple[dt.date, Decimal]]:
    """Return (last day, amount) of each month: equal parts, the last month takes the residue."""
    part = (amount / months).quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_DOWN)
    rows = [(month_end(start, index), part) for index in range(months - 1)]
    return [*rows, (month_end(start, months - 1), amount - part * (months - 1))]


def lowered(amounts: Sequence[Decimal], by: Decimal, currency: str) -> list[Decimal]:
    """Return the amounts of months not booked yet after a credit took `by` off them, in proportion."""
    if sum(amounts, ZERO) == 0:
        return list(amounts)
    return [
        amount - part
        for amount, part in zip(amounts, distribute(by, list(amounts), currency), strict=True)
    ]
