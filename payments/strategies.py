"""Which open items a payment settles: FIFO, LIFO or as typed (accounting.md section 6). Pure.

The caller hands in the items of one customer, currency and control account; disputed ones are left out before.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from core.errors import N_, DomainError
from core.money import ZERO


class Strategy(StrEnum):
    """How a payment finds its invoices."""

    FIFO = "fifo"
    LIFO = "lifo"
    FIFO_BY_ISSUE_DATE = "fifo_by_issue_date"
    LIFO_BY_ISSUE_DATE = "lifo_by_issue_date"
    MANUAL = "manual"
    NONE = "none"


#: For membership tests of plain text: `"x" in Strategy` raises on Python 3.11.
STRATEGIES = frozenset(Strategy)


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


class UnknownStrategy(DomainError):
    """The strategy is one of FIFO, LIFO, FIFO by issue date and manual."""

    code = "unknown_strategy"


class Openable(Protocol):
    """What a strategy needs to know of an open item."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def issue_date(self) -> dt.date: ...
    @property
    def due_date(self) -> dt.date: ...
    @property
    def open_amount(self) -> Decimal: ...


AnyItem = TypeVar("AnyItem", bound=Openable)


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
    """What goes where, in order, and what stays on account. Together they are the payment."""

    allocations: tuple[tuple[uuid.UUID, Decimal], ...]
    left_on_account: Decimal


def ordered(items: Iterable[AnyItem], strategy: str) -> list[AnyItem]:
    """Return the items in the order a strategy settles them.

    FIFO: (due, issue, number), or (issue, due, number) for FIFO by issue date; LIFO is the exact reverse of either.
    """
    if strategy in (Strategy.FIFO_BY_ISSUE_DATE, Strategy.LIFO_BY_ISSUE_DATE):
        return sorted(
            items,
            key=lambda i: (i.issue_date, i.due_date, i.number, i.id),
            reverse=strategy == Strategy.LIFO_BY_ISSUE_DATE,
        )
    return sorted(
        items,
        key=lambda i: (i.due_date, i.issue_date, i.number, i.id),
        reverse=strategy == Strategy.LIFO,
    )


def propose(
    items: Sequence[Openable],
    amount: Decimal,
    strategy: str,
    manual: Sequence[tuple[uuid.UUID, Decimal]] = (),
) -> Proposal:
    """Return the allocations of `amount`: never more than it, never more than an item has open.

    A manual list is kept in its order and refused as a whole when one row breaks a bound: OverAllocated,
    UnknownOpenItem, WrongAllocation, at `allocations.<position from 0>`. Also raises UnknownStrategy, and
    WrongAllocation at `amount` for an amount that is negative or no number.
    """
    if strategy not in STRATEGIES:
        raise UnknownStrategy(N_("The strategy is fifo, lifo or manual."), field="strategy")
    if not amount.is_finite() or amount < ZERO:
        raise WrongAllocation(N_("The amount of a payment is not negative."), field="amount")
    if strategy == Strategy.NONE:
        return Proposal((), amount)
    if strategy == Strategy.MANUAL:
        return _as_typed(items, amount, manual)
    left = amount
    chosen = []
    for item in ordered(items, strategy):
        if left <= 0:
            break
        take = min(left, item.open_amount)
        if take > 0:
            chosen.append((item.id, take))
            left -= take
    return Proposal(tuple(chosen), left)


def _as_typed(
    items: Sequence[Openable], amount: Decimal, manual: Sequence[tuple[uuid.UUID, Decimal]]
) -> Proposal:
    known = {item.id: item for item in items}
    left = amount
    seen: set[uuid.UUID] = set()
    for index, (key, part) in enumerate(manual):
        at = f"allocations.{index}"
        if not part.is_finite() or part <= ZERO:
            raise WrongAllocation(N_("An allocation is greater than zero."), field=f"{at}.amount")
        if key in seen:
            raise WrongAllocation(N_("Name each document once."), field=f"{at}.invoice")
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
        raise OverAllocated(N_("The allocations are larger than the payment."), field="allocations")
    return Proposal(tuple(manual), left)
