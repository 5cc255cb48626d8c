"""Where money goes, beside the form that takes it: rows of open items with what was proposed or typed, and what differs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ap.models import Supplier
from ar.models import Customer, Invoice
from core.dates import local_today
from core.errors import DomainError
from core.money import ZERO, percent_of, product, quantize
from ledger.services.rates import rate_on
from payments.forms.payments import (
    ALLOCATION,
    DISCOUNT,
    STRATEGY_CHOICES,
    USED,
    TypedRow,
    typed_rows,
)
from payments.selectors.open_items import company_order, open_credits, open_documents
from payments.settlement import Item, Part, settle
from payments.sides import Side, side_of
from payments.strategies import Strategy, propose
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.principal import Principal


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose money it is, and which way it goes."""

    party: Customer | Supplier
    direction: str

    @property
    def side(self) -> Side:
        return side_of("customer" if isinstance(self.party, Customer) else "supplier")

    @property
    def is_refund(self) -> bool:
        return self.direction != self.side.money

    def open_items(self) -> list[Item]:
        """Return what the money can settle: documents, or for a refund the credits it pays back."""
        reads = open_credits if self.is_refund else open_documents
        return reads(self.side, party_id=self.party.pk)


@dataclass(frozen=True, slots=True)
class Money:
    """The money as far as it is typed."""

    amount: Decimal
    withholding: Decimal
    currency: str
    date: dt.date
    rate: Decimal | None = None

    @property
    def settles(self) -> Decimal:
        return self.amount + self.withholding


@dataclass(slots=True)
class Row:
    """An open item with what the money puts on it."""

    item: Item
    foreign: bool
    typed: TypedRow
    shown: dict[str, str] = field(default_factory=dict)
    error: str = ""
    left: Decimal = ZERO
    difference: Decimal = ZERO
    may_write_off: bool = False
    offered: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """The money put on it, in its currency."""
        return self.typed.money

    @property
    def used(self) -> Decimal:
        """What it takes of the money, in the money's currency."""
        return (self.typed.used or ZERO) if self.foreign else self.typed.money

    def part(self, *, limit_met: bool = True) -> Part | None:
        """Return what the item loses; None when nothing was put on it."""
        gone = self.typed.money + self.typed.discount
        write_off = self.item.open_amount - gone if self.typed.write_off and limit_met else ZERO
        if gone + write_off <= 0:
            return None
        return Part(
            self.item.id,
            gone + max(write_off, ZERO),
            self.typed.used if self.foreign else None,
            self.typed.discount,
            max(write_off, ZERO),
        )


def _chosen(
    items: list[Item], money: Money, strategy: str, data: Mapping[str, Any]
) -> tuple[dict[uuid.UUID, TypedRow], dict[str, str]]:
    """Return what is put on each item, and messages by field name."""
    if strategy == Strategy.MANUAL:
        rows, errors = typed_rows(data)
        return rows, {name: error.message for name, error in errors.items()}
    free = [item for item in items if not item.held and item.currency == money.currency]
    free = [item for item in free if item.date <= money.date]
    chosen = propose(free, money.settles, company_order(strategy)).allocations
    return {key: TypedRow(part) for key, part in chosen}, {}


def follow_amount(asked: Asked, data: Mapping[str, Any], money: Money) -> dict[str, Any]:
    """Let one document that was typed on alone follow the amount: it takes what the payment brings, at most its open rest.

    So a payment begun from its document is typed as an amount only, a part or more than the whole.
    """
    typed = {name: value for name, value in data.items() if value and name.startswith(ALLOCATION)}
    if len(typed) != 1:
        return dict(data.items())
    ((name, _),) = typed.items()
    for item in asked.open_items():
        if f"{ALLOCATION}{item.id}" == name and item.currency == money.currency:
            amount = quantize(min(item.open_amount, money.settles), money.currency)
            return {**dict(data.items()), name: str(amount)}
    return dict(data.items())


def build_rows(
    asked: Asked,
    data: Mapping[str, Any],
    money: Money,
    *,
    strategy: str,
    actor: Principal,
) -> list[Row]:
    """Return the open items with what is put on them; items of other currencies can be typed on."""
    items = asked.open_items()
    chosen, messages = _chosen(items, money, strategy, data)
    limit = _limit() if actor.has("payments.difference.write_off") else ZERO
    offers = {} if asked.is_refund else discounts_offered(asked.side, items, money.date)
    rows = []
    source = _source(asked, money, actor)
    for item in items:
        typed = chosen.get(item.id, TypedRow())
        row = Row(item, item.currency != money.currency, typed, offered=offers.get(item.id, ZERO))
        row.error = messages.get(f"{ALLOCATION}{item.id}") or messages.get(
            f"{USED}{item.id}", messages.get(f"{DISCOUNT}{item.id}", "")
        )
        rest = item.open_amount - typed.money - typed.discount
        row.may_write_off = not asked.is_refund and ZERO < rest <= limit < item.open_amount
        _settle(row, source, asked, actor)
        _show(row, data)
        rows.append(row)
    return rows


def _source(asked: Asked, money: Money, actor: Principal) -> Item | None:
    """Return the money as an item to try settlements with; None while its rate is not known."""
    rate = money.rate
    if rate is None:
        try:
            rate = rate_on(currency=money.currency, base_currency=actor.currency, date=money.date)
        except DomainError:
            return None
    return Item(
        "refund" if asked.is_refund else "payment",
        uuid.UUID(int=0),
        "",
        money.date,
        money.date,
        money.currency,
        rate,
        money.settles,
        product(money.settles, rate, actor.currency),
    )


def _settle(row: Row, source: Item | None, asked: Asked, actor: Principal) -> None:
    """Find out what stays open and which exchange difference it makes, by the rules that save it."""
    part = row.part(limit_met=row.may_write_off)
    row.left = row.item.open_amount - (part.amount if part else ZERO)
    if part is None or source is None or row.error:
        return
    here = copy(row.item)
    # more than the payment is said once, below the rows
    money = copy(source)
    money.open_amount = max(money.open_amount, row.used)
    pair = (here, money) if asked.is_refund else (money, here)
    try:
        settled = settle(*pair, part, base_currency=actor.currency)
    except DomainError as error:
        row.error = error.message
    else:
        row.difference = settled.difference * asked.side.sign


def _show(row: Row, data: Mapping[str, Any]) -> None:
    currency = row.item.currency
    for name, prefix, value in (
        ("money", ALLOCATION, row.typed.money),
        ("used", USED, row.typed.used or ZERO),
        ("discount", DISCOUNT, row.typed.discount),
    ):
        text = str(quantize(value, currency)) if value else ""
        row.shown[name] = str(data.get(f"{prefix}{row.item.id}", text)) if row.error else text


def _limit() -> Decimal:
    limit: Decimal = Company.objects.values_list("small_difference_limit", flat=True).get(
        pk=current_company_id()
    )
    return limit


def discounts_offered(side: Side, items: list[Item], on: dt.date) -> dict[uuid.UUID, Decimal]:
    """Return the early-payment discounts that invoices offer on a day (S11), by invoice."""
    if side.document != "invoice":
        return {}
    rows = Invoice.objects.filter(
        pk__in=[item.id for item in items], early_discount_until__gte=on, allocated_amount=0
    ).values_list("pk", "total", "early_discount_percent", "currency")
    return {
        key: percent_of(total, percent, currency)
        for key, total, percent, currency in rows
        if percent
    }


def proposal_context(
    asked: Asked,
    data: Mapping[str, Any],
    money: Money,
    *,
    strategy: str,
    actor: Principal,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the proposal fragment shows."""
    rows = build_rows(asked, data, money, strategy=strategy, actor=actor)
    for row in rows:
        row.error = (errors or {}).get(str(row.item.id), row.error)
    used = sum((row.used for row in rows), ZERO)
    rest = money.settles - used
    # more than the payment is no exchange loss: it is said by itself
    difference = sum((row.difference for row in rows), ZERO) if rest >= 0 else ZERO
    return {
        "rows": rows,
        "asked": asked,
        "strategy": strategy,
        "strategies": STRATEGY_CHOICES,
        "currency": money.currency,
        "base_currency": actor.currency,
        "used": used,
        "rest": rest,
        "gain": difference if difference > 0 else None,
        "loss": -difference if difference < 0 else None,
        "may_discount": actor.has("payments.discount.give") and not asked.is_refund,
        "has_foreign": any(row.foreign for row in rows),
        "today": local_today(),
    }
