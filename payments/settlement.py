"""Settling open items: how much each side loses, in its own and in base currency (accounting.md sections 5 and 6). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import N_, DomainError
from core.money import ZERO, product, quantize
from documents.carrying import relieved_base
from payments.strategies import OverAllocated, WrongAllocation


class SettlementRefused(DomainError):
    """An amount of an allocation cannot be what it is said to be."""

    code = "wrong_allocation"


class RateOfUseMissing(DomainError):
    """Money in another currency than the document's: the user says how much of the money it takes."""

    code = "payment_amount_needed"


@dataclass(slots=True)
class Item:
    """One open item while it is settled: `open_amount` and `carrying` go down as parts are taken from it.

    `kind` is the column of an allocation that names it: payment, credit_note, supplier_credit, entry as source;
    invoice, bill, refund as target.
    """

    kind: str
    id: uuid.UUID
    number: str
    date: dt.date
    due_date: dt.date
    currency: str
    rate: Decimal
    open_amount: Decimal
    carrying: Decimal
    status: str = ""
    #: Why no strategy takes it: disputed, on_hold; empty for the rest.
    held: str = ""

    @property
    def issue_date(self) -> dt.date:
        return self.date

    def take(self, amount: Decimal, base_currency: str) -> Decimal:
        """Take `amount` from what is open; return the base value that goes with it."""
        base = relieved_base(
            amount,
            open_amount=self.open_amount,
            carrying=self.carrying,
            rate=self.rate,
            base_currency=base_currency,
        )
        self.open_amount -= amount
        self.carrying -= base
        return base


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody, or a strategy, puts on one document: `amount` in its currency, discount and write-off included.

    `source_amount` is what that takes of a source in another currency; None: the whole source, or the same amount.
    """

    document_id: uuid.UUID
    amount: Decimal
    source_amount: Decimal | None = None
    discount: Decimal = ZERO
    write_off: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Settled:
    """One allocation: what the target loses and what pays for it. `difference` is the realised exchange gain of a claim."""

    source: Item
    target: Item
    date: dt.date
    amount: Decimal
    source_amount: Decimal
    base_amount: Decimal
    source_base: Decimal
    discount: Decimal = ZERO
    discount_base: Decimal = ZERO
    write_off: Decimal = ZERO
    write_off_base: Decimal = ZERO
    closes: bool = field(default=False)

    @property
    def difference(self) -> Decimal:
        """Value of what paid less the carrying amount relieved; a gain when positive on receivables (section 5)."""
        return self.source_base + self.discount_base + self.write_off_base - self.base_amount


def settle(
    source: Item,
    target: Item,
    part: Part,
    *,
    base_currency: str,
    date: dt.date | None = None,
    at: str = "allocations.0",
) -> Settled:
    """Settle one target with one source; both lose what is settled. `at` is where errors point.

    Raises OverAllocated (more than is open on either), WrongAllocation, SettlementRefused, RateOfUseMissing.
    """
    _require_amounts(target, part, at)
    paid = part.amount - part.discount - part.write_off
    used = _used(source, target, part, paid, at)
    day = max(source.date, target.date)
    if date is not None and date < day:
        raise SettlementRefused(
            N_("Not before %(date)s, the later of the two documents."),
            code="allocation_date",
            field="date",
            params={"date": day.isoformat()},
        )
    rate = target.rate
    base = target.take(part.amount, base_currency)
    # a discount is valued at the document's rate; of what is relieved, never more than all of it
    discount_base = min(product(part.discount, rate, base_currency), base)
    write_off_base = min(product(part.write_off, rate, base_currency), base - discount_base)
    if paid == 0:
        write_off_base, discount_base = (
            (base - discount_base, discount_base) if part.write_off else (ZERO, base)
        )
    return Settled(
        source=source,
        target=target,
        date=date or day,
        amount=part.amount,
        source_amount=used,
        base_amount=base,
        source_base=source.take(used, base_currency) if used else ZERO,
        discount=part.discount,
        discount_base=discount_base,
        write_off=part.write_off,
        write_off_base=write_off_base,
        closes=target.open_amount == 0,
    )


def _require_amounts(target: Item, part: Part, at: str) -> None:
    if not part.amount.is_finite() or part.amount <= 0:
        raise WrongAllocation(N_("An allocation is greater than zero."), field=f"{at}.amount")
    for name, value in (
        ("amount", part.amount),
        ("discount", part.discount),
        ("write_off", part.write_off),
    ):
        if (
            not value.is_finite()
            or value < 0
            or value > part.amount
            or quantize(value, target.currency) != value
        ):
            raise SettlementRefused(
                N_("This is no amount in whole minor units."), field=f"{at}.{name}"
            )
    if part.discount + part.write_off > part.amount:
        raise SettlementRefused(
            N_("Discount and difference are larger than the allocation."), field=f"{at}.discount"
        )
    if part.amount > target.open_amount:
        raise OverAllocated(
            N_("Only %(open)s is open on %(number)s."),
            field=f"{at}.amount",
            params={
                "open": quantize(target.open_amount, target.currency),
                "number": target.number,
            },
        )
    if part.write_off and part.amount != target.open_amount:
        raise SettlementRefused(
            N_("A difference is written off only when that closes the document."),
            field=f"{at}.write_off",
        )


def _used(source: Item, target: Item, part: Part, paid: Decimal, at: str) -> Decimal:
    """Return how much of the source the part takes, in its currency."""
    if source.currency == target.currency:
        if part.source_amount is not None and part.source_amount != paid:
            raise SettlementRefused(
                N_("In one currency the payment gives what the document takes."),
                field=f"{at}.payment_amount",
            )
        used = paid
    elif part.source_amount is None:
        raise RateOfUseMissing(
            N_("Say how much of the payment this takes, in %(currency)s."),
            field=f"{at}.payment_amount",
            params={"currency": source.currency},
        )
    else:
        used = part.source_amount
        if not used.is_finite() or used <= 0 or quantize(used, source.currency) != used:
            raise SettlementRefused(
                N_("This is no amount in whole minor units."), field=f"{at}.payment_amount"
            )
    if used > source.open_amount:
        raise OverAllocated(N_("The allocations are larger than the payment."), field="allocations")
    return used


def settle_all(
    source: Item,
    targets: Sequence[tuple[Item, Part]],
    *,
    base_currency: str,
    date: dt.date | None = None,
) -> list[Settled]:
    """Settle several targets with one source, in the order given. Raises as `settle`, and WrongAllocation for a target
    that is named twice."""
    rows: list[Settled] = []
    seen: set[uuid.UUID] = set()
    alone = len(targets) == 1
    for index, (target, part) in enumerate(targets):
        at = f"allocations.{index}"
        if target.id in seen:
            raise WrongAllocation(N_("Name each document once."), field=f"{at}.{target.kind}")
        seen.add(target.id)
        if alone and part.source_amount is None and source.currency != target.currency:
            # one document in another currency takes the whole payment
            part = Part(
                part.document_id, part.amount, source.open_amount, part.discount, part.write_off
            )
        rows.append(settle(source, target, part, base_currency=base_currency, date=date, at=at))
    return rows


def settle_by_all(
    sources: Sequence[tuple[Item, Part]],
    target: Item,
    *,
    base_currency: str,
    date: dt.date | None = None,
) -> list[Settled]:
    """Settle one target, a refund, with several credits in the order given. Raises as `settle_all`."""
    rows: list[Settled] = []
    seen: set[uuid.UUID] = set()
    for index, (source, part) in enumerate(sources):
        at = f"allocations.{index}"
        if source.id in seen:
            raise WrongAllocation(N_("Name each document once."), field=f"{at}.{source.kind}")
        seen.add(source.id)
        if source.currency == target.currency and part.amount > source.open_amount:
            raise OverAllocated(
                N_("Only %(open)s is open on %(number)s."),
                field=f"{at}.amount",
                params={
                    "open": quantize(source.open_amount, source.currency),
                    "number": source.number,
                },
            )
        rows.append(settle(source, target, part, base_currency=base_currency, date=date, at=at))
    return rows
