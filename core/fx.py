"""Foreign currency: conversion, settlement and revaluation (accounting.md section 5). Pure.

A rate is base units for one foreign unit (EUR 4.0512). A document's rate is frozen at posting; differences arise only
when it is settled or revalued.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.money import ZERO, product, quantize


class SettlesTooMuch(DomainError):
    """No more can be settled of an item than is open."""

    code = "settles_too_much"


def convert(amount: Decimal, rate: Decimal, base_currency: str) -> Decimal:
    """Return the amount in base currency, rounded half up to its minor unit."""
    return product(amount, rate, base_currency)


@dataclass(frozen=True, slots=True)
class OpenForeignItem:
    """What is open of a document: in its currency, and what that is carried at in base currency."""

    open_amount: Decimal
    carrying: Decimal
    rate: Decimal
    base_currency: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """The carrying amount one settlement relieves, the realised difference, and what stays open.

    `gain` is what the money is worth above the relieved amount; negative is a loss. For a payable the signs turn.
    """

    relieved: Decimal
    gain: Decimal
    left: OpenForeignItem


def open_item(amount: Decimal, rate: Decimal, base_currency: str) -> OpenForeignItem:
    """Return a document's whole amount as an open item at its frozen rate."""
    return OpenForeignItem(amount, convert(amount, rate, base_currency), rate, base_currency)


def settle(item: OpenForeignItem, amount: Decimal, money_base: Decimal | None = None) -> Settlement:
    """Settle `amount` (in the item's currency) of a receivable with money worth `money_base` in base currency.

    All that is open relieves the whole carrying amount, so no residue stays; a part relieves amount x the document's
    rate, and never more than what is carried. Without `money_base` there is no difference. Raises SettlesTooMuch.
    """
    if not ZERO < amount <= item.open_amount:
        raise SettlesTooMuch(
            N_("Between 0 and %(open)s can be settled."),
            field="amount",
            params={"open": item.open_amount},
        )
    if amount == item.open_amount:
        relieved = item.carrying
    else:
        relieved = min(convert(amount, item.rate, item.base_currency), item.carrying)
    gain = ZERO if money_base is None else quantize(money_base - relieved, item.base_currency)
    left = OpenForeignItem(
        item.open_amount - amount, item.carrying - relieved, item.rate, item.base_currency
    )
    return Settlement(relieved, gain, left)


def revaluation(item: OpenForeignItem, closing_rate: Decimal) -> Decimal:
    """Return the unrealised difference of a receivable at the closing rate; gain positive."""
    return convert(item.open_amount, closing_rate, item.base_currency) - item.carrying
