"""What settling part of a document takes off its carrying amount (accounting.md section 5). Pure."""

from __future__ import annotations

from decimal import Decimal

from core.money import product


def relieved_base(
    amount: Decimal, *, open_amount: Decimal, carrying: Decimal, rate: Decimal, base_currency: str
) -> Decimal:
    """Return the base value relieved when `amount` of `open_amount` is settled; `carrying` is the value of all of it.

    All that is open relieves all that is left, so no residue stays; a part relieves round(amount x rate), never more
    than is left.
    """
    if amount == open_amount:
        return carrying
    return min(product(amount, rate, base_currency), carrying)
