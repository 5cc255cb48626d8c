"""Parties on the wrong side: customers in credit, suppliers who owe us (accounting.md section 11)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from reports.selectors.ageing import PAYABLE, RECEIVABLE, aged

ZERO = Decimal(0)


def wrong_sides(as_of: dt.date) -> tuple[Decimal, Decimal]:
    """Return what customers have in credit and what suppliers owe us at the end of the day, both positive.

    Two statements on open items. Advances to suppliers stand on an account of their own and do not count.
    """
    customers = aged(RECEIVABLE, as_of=as_of)
    suppliers = aged(PAYABLE, as_of=as_of, with_advances=False)
    return (
        -sum((one.total for one in customers if one.total < 0), ZERO),
        -sum((one.total for one in suppliers if one.total < 0), ZERO),
    )
