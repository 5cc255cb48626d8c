"""When a document is due and until when paying early is cheaper, as pure rules of payment terms.

Terms are data (documents.models.PaymentTerms); both sides of the trade use them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class DueRule(StrEnum):
    """What the days of payment terms are counted from."""

    ON_RECEIPT = "receipt"
    NET = "net"
    MONTH_END = "month_end"


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms of one document. `discount_percent` of the total is granted up to `discount_days` after its date."""

    rule: DueRule
    days: int = 0
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0


def month_end(date: dt.date) -> dt.date:
    """Return the last day of the date's month."""
    return date.replace(day=calendar.monthrange(date.year, date.month)[1])


def due_date(issue_date: dt.date, terms: Terms) -> dt.date:
    """Return the due date: the date itself, so many days later, or so many days after the end of its month."""
    if terms.rule == DueRule.ON_RECEIPT:
        return issue_date
    start = month_end(issue_date) if terms.rule == DueRule.MONTH_END else issue_date
    return start + dt.timedelta(days=terms.days)


def discount_until(issue_date: dt.date, terms: Terms) -> dt.date | None:
    """Return the last day on which the early-payment discount is granted; None for terms without one."""
    if not terms.discount_percent:
        return None
    return issue_date + dt.timedelta(days=terms.discount_days)
