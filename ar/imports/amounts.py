"""Totals of imported documents in whole minor units: the same amounts as documents.totals, quicker. Pure.

A year of a retailer has half a million lines but few different (quantity, price) pairs: documents.totals computes each
pair once and the result is remembered; sums, VAT and its split are integer arithmetic. A property test holds this
module to documents.totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import DomainError
from core.inputs import parse_decimal
from core.money import EXACT, minor_digits
from documents.totals import LineInput, line_amounts

#: Remembered pairs and amounts; a file with more distinct ones only loses speed.
_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """One line with its sign taken off. `discount` and `net` in minor units; `sign` -1 lowers, +1 raises.

    `typed` is quantity, unit price, discount percent and discount as plain numbers with tabs between them, as COPY
    reads them.
    """

    typed: str
    discount: int
    net: int
    sign: int


@dataclass(frozen=True, slots=True)
class CategoryAmounts:
    """One VAT category and rate of a document, in minor units."""

    category: str
    rate: Decimal
    net: int
    tax: int
    line_count: int


class AmountReader:
    """Reads quantity, price and discount of lines in one currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.digits = minor_digits(currency)
        self._known: dict[tuple[str, str, str], LineAmounts | DomainError] = {}
        self._texts: dict[int, str] = {}

    def line(self, quantity: str, unit_price: str, discount_percent: str = "") -> LineAmounts:
        """Return the amounts of a line as typed; raises DomainError at `quantity`, `unit_price` or `discount_percent`."""
        key = (quantity, unit_price, discount_percent)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            try:
                found = self._compute(*key)
            except DomainError as error:
                found = error
            self._known[key] = found
        if isinstance(found, DomainError):
            raise found
        return found

    def _compute(self, quantity: str, unit_price: str, discount_percent: str) -> LineAmounts:
        count = parse_decimal(quantity, field="quantity", max_digits=19, places=6)
        price = parse_decimal(unit_price, field="unit_price", max_digits=19, places=6)
        percent = (
            parse_decimal(
                discount_percent,
                field="discount_percent",
                max_digits=7,
                places=4,
                minimum=Decimal(0),
                maximum=Decimal(100),
            )
            if discount_percent.strip()
            else Decimal(0)
        )
        if not count:
            # the database would refuse it: a line sells something
            parse_decimal(quantity, field="quantity", above=Decimal(0))
        lowers = (count < 0) != (price < 0) if price else count < 0
        discount, net = line_amounts(LineInput(abs(count), abs(price), percent), self.currency)
        lowered = self.units(discount)
        return LineAmounts(
            f"{abs(count):f}\t{abs(price):f}\t{percent:f}\t{self.text(lowered)}",
            lowered,
            self.units(net),
            -1 if lowers else 1,
        )

    def units(self, amount: Decimal) -> int:
        """Return a rounded amount in minor units."""
        return int(amount.scaleb(self.digits, EXACT))

    def text(self, units: int) -> str:
        """Return minor units as a plain number."""
        found = self._texts.get(units)
        if found is None:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            found = self._texts[units] = f"{self.amount(units):f}"
        return found

    def amount(self, units: int) -> Decimal:
        """Return minor units as an amount."""
        return Decimal(units).scaleb(-self.digits, EXACT)


def tax_of(net: int, rate: int) -> int:
    """Return net x rate / 100 rounded half up; `net` in minor units, not negative."""
    return (net * rate + 50) // 100


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split minor units by largest remainder, ties to the lowest position, as core.money.distribute does."""
    if not total:
        return [0] * len(weights)
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    divided = [divmod(total * weight, whole) for weight in weights]
    shares = [share for share, _ in divided]
    missing = total - sum(shares)
    if missing:
        for index in sorted(range(len(divided)), key=lambda i: -divided[i][1])[:missing]:
            shares[index] += 1
    return shares


def document_amounts(
    keys: Sequence[tuple[str, int]], nets: Sequence[int]
) -> tuple[list[CategoryAmounts], list[int]]:
    """Return the VAT categories in order of (rate, category), and each line's share of the VAT.

    `keys` names (category, rate) of each line.
    """
    first = keys[0]
    if all(key == first for key in keys):
        net = sum(nets)
        tax = tax_of(net, first[1])
        return [CategoryAmounts(first[0], Decimal(first[1]), net, tax, len(nets))], split(tax, nets)
    categories: list[CategoryAmounts] = []
    taxes = [0] * len(nets)
    for key in sorted(set(keys), key=lambda key: (key[1], key[0])):
        chosen = [index for index, other in enumerate(keys) if other == key]
        priced = [nets[index] for index in chosen]
        net = sum(priced)
        tax = tax_of(net, key[1])
        categories.append(CategoryAmounts(key[0], Decimal(key[1]), net, tax, len(chosen)))
        for index, share in zip(chosen, split(tax, priced), strict=True):
            taxes[index] = share
    return categories, taxes
