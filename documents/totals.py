"""The one arithmetic of documents (accounting.md section 2): form, preview, API, PDF and posting use it. Pure.

Amounts are rounded half up to the currency's minor unit: once per line after the discount, then VAT once for each
category and rate on the sum of the nets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.money import ZERO, distribute, minor_digits, quantize

HUNDRED = Decimal(100)
LARGEST = Decimal("999999999999999")


class DiscountTooLarge(DomainError):
    """A discount is larger than what it reduces."""

    code = "discount_too_large"


class TotalTooLarge(DomainError):
    """The total has more digits than an amount can hold."""

    code = "amount_too_large"


@dataclass(frozen=True, slots=True)
class LineInput:
    """What the arithmetic needs of a line; the discount is a percent or an amount in the document's currency."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal | None = None
    tax_category: str = "S"
    tax_rate: Decimal = Decimal(15)


@dataclass(frozen=True, slots=True)
class LineTotals:
    """`tax` is the line's share of the category VAT (stored); `tax_display` the rounded tax of the line alone."""

    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_display: Decimal


@dataclass(frozen=True, slots=True)
class CategoryTotals:
    """One VAT category and rate: sum of line nets, document discount on it, taxable amount, VAT, number of lines."""

    category: str
    rate: Decimal
    lines_net: Decimal
    allowance: Decimal
    taxable: Decimal
    tax: Decimal
    line_count: int = 0


@dataclass(frozen=True, slots=True)
class DocumentTotals:
    """`subtotal` is the sum of the taxable amounts; total = subtotal + tax_amount + rounding."""

    lines: tuple[LineTotals, ...]
    categories: tuple[CategoryTotals, ...]
    subtotal: Decimal
    tax_amount: Decimal
    total: Decimal
    discount_total: Decimal
    rounding: Decimal = ZERO


def line_amounts(line: LineInput, currency: str) -> tuple[Decimal, Decimal]:
    """Return (discount, amount after it); net, or with VAT when prices include it."""
    gross = quantize(line.quantity * line.unit_price, currency)
    if gross > LARGEST:
        raise TotalTooLarge(N_("Quantity times price is too large."), field="total")
    if line.discount_amount is not None:
        discount = quantize(line.discount_amount, currency)
    elif line.discount_percent:
        discount = quantize(line.quantity * line.unit_price * line.discount_percent / HUNDRED, currency)
    else:
        return gross - gross, gross
    if discount > gross:
        raise DiscountTooLarge(
            N_("The discount is larger than the amount."), field="discount_amount"
        )
    return discount, gross - discount


def _finish(
    nets: dict[tuple[str, Decimal], Decimal],
    counts: dict[tuple[str, Decimal], int],
    discount: Decimal,
    currency: str,
) -> tuple[CategoryTotals, ...]:
    """Split the document discount over the categories and compute each category's VAT."""
    keys = sorted(nets, key=lambda key: (key[0], -key[1]))
    whole = sum(nets.values(), ZERO)
    if discount > whole:
        raise DiscountTooLarge(
            N_("The discount is larger than the amount."), field="document_discount"
        )
    allowances = (
        distribute(discount, [nets[key] for key in keys], currency)
        if discount
        else [ZERO] * len(keys)
    )
    result = []
    for key, allowance in zip(keys, allowances, strict=True):
        taxable = nets[key] - allowance
        tax = quantize(taxable * key[1] / HUNDRED, currency)
        result.append(
            CategoryTotals(key[0], key[1], nets[key], allowance, taxable, tax, counts[key])
        )
    return tuple(result)


def compute_totals(
    lines: Sequence[LineInput],
    *,
    currency: str,
    document_discount: Decimal = ZERO,
    prices_include_tax: bool = False,
    rounding_line: bool = False,
) -> DocumentTotals:
    """Compute all amounts of a document; raises DiscountTooLarge or TotalTooLarge."""
    amounts = [line_amounts(line, currency) for line in lines]
    if prices_include_tax:
        return _inclusive(lines, amounts, currency, rounding_line=rounding_line)
    nets: dict[tuple[str, Decimal], Decimal] = {}
    members: dict[tuple[str, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        key = (line.tax_category, line.tax_rate)
        nets[key] = nets.get(key, ZERO) + amounts[index][1]
        members.setdefault(key, []).append(index)
    counts = {key: len(chosen) for key, chosen in members.items()}
    categories = _finish(nets, counts, quantize(document_discount, currency), currency)
    zero = quantize(ZERO, currency)
    taxes = [zero] * len(lines)
    for category in categories:
        chosen = members[(category.category, category.rate)]
        if category.tax:
            shares = distribute(category.tax, [amounts[i][1] for i in chosen], currency)
            for index, share in zip(chosen, shares, strict=True):
                taxes[index] = share
    return _assemble(lines, amounts, [net for _, net in amounts], taxes, categories, currency)


def _assemble(
    lines: Sequence[LineInput],
    amounts: Sequence[tuple[Decimal, Decimal]],
    nets: Sequence[Decimal],
    taxes: Sequence[Decimal],
    categories: tuple[CategoryTotals, ...],
    currency: str,
    rounding: Decimal = ZERO,
) -> DocumentTotals:
    zero = quantize(ZERO, currency)
    subtotal = sum((category.taxable for category in categories), zero)
    tax = sum((category.tax for category in categories), zero)
    if subtotal + tax > LARGEST:
        raise TotalTooLarge(N_("The total of the document is too large."), field="total")
    discount = sum((entry[0] for entry in amounts), zero) + sum(
        (category.allowance for category in categories), zero
    )
    return DocumentTotals(
        lines=tuple(
            LineTotals(
                amounts[i][0],
                nets[i],
                taxes[i],
                nets[i] + taxes[i],
                quantize(nets[i] * line.tax_rate / HUNDRED, currency),
            )
            for i, line in enumerate(lines)
        ),
        categories=categories,
        subtotal=subtotal,
        tax_amount=tax,
        total=subtotal + tax + rounding,
        discount_total=discount,
        rounding=rounding,
    )


def _inclusive(
    lines: Sequence[LineInput],
    amounts: Sequence[tuple[Decimal, Decimal]],
    currency: str,
    *,
    rounding_line: bool,
) -> DocumentTotals:
    """Prices with VAT: V = round(S x rate / (100 + rate)), T = S - V; the customer pays the shelf price."""
    sums: dict[tuple[str, Decimal], Decimal] = {}
    members: dict[tuple[str, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        key = (line.tax_category, line.tax_rate)
        sums[key] = sums.get(key, ZERO) + amounts[index][1]
        members.setdefault(key, []).append(index)
    categories = []
    zero = quantize(ZERO, currency)
    nets, taxes = [zero] * len(lines), [zero] * len(lines)
    rounding = ZERO
    for key in sorted(sums, key=lambda key: (key[0], -key[1])):
        whole, rate = sums[key], key[1]
        if rounding_line:
            taxable = quantize(whole * HUNDRED / (HUNDRED + rate), currency)
            tax = quantize(taxable * rate / HUNDRED, currency)
            rounding += whole - taxable - tax
        else:
            tax = quantize(whole * rate / (HUNDRED + rate), currency)
            taxable = whole - tax
        categories.append(
            CategoryTotals(key[0], rate, taxable, zero, taxable, tax, len(members[key]))
        )
        weights = [amounts[i][1] for i in members[key]]
        shares = zip(
            members[key],
            distribute(taxable, weights, currency),
            distribute(tax, weights, currency),
            strict=True,
        )
        for index, net, share in shares:
            nets[index], taxes[index] = net, share
    return _assemble(lines, amounts, nets, taxes, tuple(categories), currency, rounding)


def replace_line(
    categories: Sequence[CategoryTotals],
    *,
    removed: tuple[str, Decimal, Decimal] | None = None,
    added: tuple[str, Decimal, Decimal] | None = None,
    currency: str,
    document_discount: Decimal = ZERO,
) -> DocumentTotals:
    """Return the header totals after one line (category, rate, net) went and another came.

    Equal to a full recomputation of a document with prices without VAT; `lines` and line discounts are left out.
    """
    nets = {(c.category, c.rate): c.lines_net for c in categories}
    counts = {(c.category, c.rate): c.line_count for c in categories}
    if removed is not None:
        key = (removed[0], removed[1])
        nets[key] -= removed[2]
        counts[key] -= 1
    if added is not None:
        key = (added[0], added[1])
        nets[key] = nets.get(key, ZERO) + added[2]
        counts[key] = counts.get(key, 0) + 1
    kept = {key: net for key, net in nets.items() if counts[key]}
    return _assemble(
        [], [], [], [], _finish(kept, counts, quantize(document_discount, currency), currency), currency
    )


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of the currency, for example 0.01."""
    return Decimal(1).scaleb(-minor_digits(currency))
