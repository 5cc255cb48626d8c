"""Which open items a payment settles: FIFO, LIFO or as typed (accounting.md section 6). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.errors import N_, DomainError
from core.money import ZERO


class Strategy(StrEnum):
    """How a payment finds its invoices."""

    FIFO = "fifo"
    LIFO = "lifo"
    FIFO_BY_ISSUE_DATE = "fifo_by_issue_date"
    MANUAL = "manual"


class OverAllocated(DomainError):
    """An allocation is larger than what is open, or all together larger than the payment (P1, P2)."""

    code = "over_allocated"
    status = 409


class UnknownOpenItem(DomainError):
    """The document is no open item of this customer and currency (P3)."""

    code = "unknown_open_item"


class WrongAllocation(DomainError):
    """An allocation is greater than zero and names a document once."""

    code = "wrong_allocation"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice with something left to pay, in its currency."""

    id: uuid.UUID
    number: str
    issue_date: dt.date
    due_date: dt.date
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """What goes where, in order, and what stays on account."""

    allocations: tuple[tuple[uuid.UUID, Decimal], ...]
    left_on_account: Decimal


def ordered(items: Iterable[OpenItem], strategy: str) -> list[OpenItem]:
    """Return the items in the order a strategy settles them: FIFO by (due, issue, number), LIFO its reverse."""
    if strategy == Strategy.FIFO_BY_ISSUE_DATE:
        return sorted(items, key=lambda i: (i.issue_date, i.due_date, i.number))
    return sorted(
        items, key=lambda i: (i.due_date, i.issue_date, i.number), reverse=strategy == Strategy.LIFO
    )


def propose(
    items: Sequence[OpenItem],
    amount: Decimal,
    strategy: str,
    manual: Sequence[tuple[uuid.UUID, Decimal]] = (),
) -> Proposal:
    """Return the allocations of `amount`; never more than it, never more than an item has open.

    Raises OverAllocated, UnknownOpenItem or WrongAllocation for a manual list that breaks a bound, as a whole.
    """
    left = amount
    if strategy == Strategy.MANUAL:
        return _as_typed(items, amount, manual)
    chosen = []
    for item in ordered(items, strategy):
        take = min(left, item.open_amount)
        if take > 0:
            chosen.append((item.id, take))
            left -= take
        if left <= 0:
            break
    return Proposal(tuple(chosen), left)


def _as_typed(
    items: Sequence[OpenItem], amount: Decimal, manual: Sequence[tuple[uuid.UUID, Decimal]]
) -> Proposal:
    known = {item.id: item for item in items}
    seen: set[uuid.UUID] = set()
    left = amount
    for index, (key, part) in enumerate(manual):
        at = f"allocations.{index}"
        if key in seen or part <= ZERO:
            raise WrongAllocation(
                N_("Name each document once, with an amount greater than zero."),
                field=f"{at}.amount",
            )
        seen.add(key)
        item = known.get(key)
        if item is None:
            raise UnknownOpenItem(
                N_("This is no open invoice of the customer."), field=f"{at}.invoice"
            )
        if part > item.open_amount:
            raise OverAllocated(
                N_("Only %(open)s is open on %(number)s."),
                field=f"{at}.amount",
                params={"open": item.open_amount, "number": item.number},
            )
        left -= part
    if left < 0:
        raise OverAllocated(
            N_("The allocations are larger than the payment."), field="allocations"
        )
    return Proposal(tuple(manual), left)
