"""A payment as typed: what pages, API, imports and the bank hand to the services."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from core.money import ZERO
from payments.settlement import Part
from payments.strategies import Strategy

#: (document, amount), or a part with its discount, difference and amount of the payment.
Allocated = tuple[uuid.UUID, Decimal] | Part


def parts_of(allocations: tuple[Allocated, ...]) -> list[Part]:
    """Return typed allocations as parts."""
    return [one if isinstance(one, Part) else Part(one[0], one[1]) for one in allocations]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPayment:
    """Money in or out of one party, as typed. Amounts in `currency`; empty means the payment account's.

    `direction` in from a customer and out to a supplier settles their documents; the other way round it is a refund,
    and `allocations` name the credits it pays back. `withholding_tax` is kept back on top of `amount` (P11): together
    they settle.
    """

    payment_account_id: uuid.UUID
    amount: Decimal
    date: dt.date
    direction: str = "in"
    customer_id: uuid.UUID | None = None
    supplier_id: uuid.UUID | None = None
    strategy: str = Strategy.FIFO
    allocations: tuple[Allocated, ...] = ()
    currency: str = ""
    exchange_rate: Decimal | None = None
    withholding_tax: Decimal = field(default=ZERO)
    is_advance: bool | None = None
    reference: str = ""
    notes: str = ""
