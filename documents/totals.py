"""The one arithmetic of documents (accounting.md section 2): form, preview, API, PDF, e-invoice and posting. Pure.

A line is rounded half up to the currency's minor unit once, after its discount. VAT is computed once for each category
and rate on the sum of the nets, never by adding rounded line taxes. A document discount is split over the categories by
largest remainder. All amounts are in the document's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from core.errors import N_, DomainError
from core.money import (
    AMOUNT_LIMIT,
    EXACT,
    HUNDRED,
    ZERO,
    AmountNotFinite,
    AmountTooLarge,
    distribute,
    is_rounded,
    minor_unit,
    percent_of,
    product,
    quantize,
    ratio_of,
)

#: VAT category (S, Z, E, O) and rate in percent.
CategoryKey = tuple[str, Decimal]


class NegativeAmount(DomainError):
    """Documents carry positive amounts; what lowers an invoice is a credit note or a discount."""

    code = "negative_amount"


class DiscountOutOfRange(DomainError):
    """A discount lies between nothing and the amount it reduces; its percent between 0 and 100."""

    code = "discount_out_of_range"


class DiscountNotRounded(DomainError):
    """A discount is an amount of money: no digits below the currency's minor unit."""

    code = "too_many_places"


class Priced(Protocol):
    """What the arithmetic needs of a line. `discount_amount`, when given, is used instead of the percent."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def discount_percent(self) -> Decimal: ...
    @property
    def discount_amount(self) -> Decimal | None: ...
    @property
    def tax_category(self) -> str: ...
    @property
    def tax_rate(self) -> Decimal: ...


class LineInput(NamedTuple):
    """A line with nothing but what the arithmetic needs. A tuple: the quickest value to make that nobody changes."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal | None = None
    tax_category: str = "S"
    tax_rate: Decimal = Decimal(15)


class LineTotals(NamedTuple):
    """One line's amounts; `gross` = `net` + `tax`.

    `tax` is the line's share of the category VAT, so the lines add up to what is posted. `tax_display` is the rounded
    VAT of this line alone, as the e-invoice shows it. Where prices include VAT, `discount` includes it too.
    """

    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_display: Decimal


@dataclass(frozen=True, slots=True)
class CategoryTotals:
    """One VAT category and rate: sum of line nets - document allowance = taxable amount, and the VAT on it.

    `lines_gross` is the sum of the lines as priced, for documents whose prices include VAT; else 0.
    """

    category: str
    rate: Decimal
    lines_net: Decimal
    allowance: Decimal
    taxable: Decimal
    tax: Decimal
    line_count: int = 0
    lines_gross: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class DocumentTotals:
    """`subtotal` = sum of taxable amounts; `total` = `subtotal` + `tax_amount` + `rounding`, what is to be paid.

    Categories come in order of (rate, category), whatever the order of the lines.
    """

    lines: tuple[LineTotals, ...]
    categories: tuple[CategoryTotals, ...]
    subtotal: Decimal
    tax_amount: Decimal
    total: Decimal
    discount_total: Decimal
    rounding: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class _Rules:
    """How the categories of one document are computed."""

    currency: str
    document_discount: Decimal
    prices_include_tax: bool
    rounding_line: bool


def line_amounts(line: Priced, currency: str) -> tuple[Decimal, Decimal]:
    """Return (discount, amount after it): the net, or the amount with VAT where prices include it.

    Raises NegativeAmount, AmountTooLarge, AmountNotFinite, DiscountOutOfRange or DiscountNotRounded, naming the field.
    """
    try:
        amount = product(line.quantity, line.unit_price, currency)
        if not ZERO <= amount < AMOUNT_LIMIT:
            raise _refused_amount(line)
        if line.discount_amount is not None:
            if not is_rounded(line.discount_amount, currency):
                raise DiscountNotRounded(
                    N_("The discount has more digits than the currency."), field="discount_amount"
                )
            discount, field = quantize(line.discount_amount, currency), "discount_amount"
        elif line.discount_percent:
            if not ZERO <= line.discount_percent <= HUNDRED:
                raise DiscountOutOfRange(
                    N_("A discount is between 0 and 100 percent."), field="discount_percent"
                )
            # of the exact product, not of the rounded one: rounded once
            exact = EXACT.multiply(line.quantity, line.unit_price)
            discount, field = percent_of(exact, line.discount_percent, currency), "discount_percent"
        else:
            return amount - amount, amount
        if not ZERO <= discount <= amount:
            raise DiscountOutOfRange(
                N_("The discount is between 0 and the amount of the line."), field=field
            )
    except InvalidOperation:
        raise AmountNotFinite(N_("Enter a number."), field="total") from None
    return discount, amount - discount


def _refused_amount(line: Priced) -> DomainError:
    if line.quantity < 0 or line.unit_price < 0:
        field = "quantity" if line.quantity < 0 else "unit_price"
        return NegativeAmount(N_("This is not negative."), field=field)
    return AmountTooLarge(N_("Quantity times price is too large."), field="total")


def compute_totals(
    lines: Sequence[Priced],
    *,
    currency: str,
    document_discount: Decimal = ZERO,
    prices_include_tax: bool = False,
    rounding_line: bool = False,
    with_lines: bool = True,
) -> DocumentTotals:
    """Compute all amounts of a document from its lines; `with_lines` False leaves `lines` empty.

    `document_discount` includes VAT where prices do. `rounding_line` (with prices including VAT) makes VAT exactly
    round(taxable x rate) and puts the difference to the shelf price into `rounding`. Raises what line_amounts raises,
    with the field below `lines.<position from 0>`, DiscountOutOfRange at `document_discount`, AmountTooLarge at `total`.
    """
    rules = _rules(currency, document_discount, prices_include_tax, rounding_line)
    amounts: list[tuple[Decimal, Decimal]] = []
    members: dict[CategoryKey, list[int]] = {}
    for index, line in enumerate(lines):
        try:
            amounts.append(line_amounts(line, currency))
        except DomainError as error:
            raise error.within(f"lines.{index}") from None
        members.setdefault((line.tax_category, line.tax_rate), []).append(index)
    zero = quantize(ZERO, currency)
    sums = {
        key: sum([amounts[index][1] for index in chosen], zero) for key, chosen in members.items()
    }
    categories = _categories(sums, {key: len(chosen) for key, chosen in members.items()}, rules)
    line_discounts = sum([discount for discount, _ in amounts], zero)
    if not with_lines:
        return _document((), categories, sums, line_discounts, rules)
    line_totals: list[LineTotals] = [_NO_LINE] * len(amounts)
    for category in categories:
        chosen = members[category.category, category.rate]
        priced = [amounts[index][1] for index in chosen]
        nets, taxes = _line_shares(category, priced, rules)
        rate = category.rate
        for index, net, tax in zip(chosen, nets, taxes, strict=True):
            line_totals[index] = LineTotals(
                amounts[index][0], net, tax, net + tax, percent_of(net, rate, currency)
            )
    return _document(tuple(line_totals), categories, sums, line_discounts, rules)


def replace_line(
    categories: Sequence[CategoryTotals],
    *,
    removed: tuple[str, Decimal, Decimal] | None = None,
    added: tuple[str, Decimal, Decimal] | None = None,
    currency: str,
    document_discount: Decimal = ZERO,
    prices_include_tax: bool = False,
    rounding_line: bool = False,
) -> DocumentTotals:
    """Return the totals after one line (category, rate, amount of line_amounts) went and another came.

    No other line is read. Header and categories equal a full recomputation; `lines` is empty and `discount_total` holds
    the document discount only.
    """
    rules = _rules(currency, document_discount, prices_include_tax, rounding_line)
    sums = {
        (c.category, c.rate): c.lines_gross if prices_include_tax else c.lines_net
        for c in categories
    }
    counts = {(c.category, c.rate): c.line_count for c in categories}
    if removed is not None:
        key = (removed[0], removed[1])
        sums[key] -= removed[2]
        counts[key] -= 1
    if added is not None:
        key = (added[0], added[1])
        sums[key] = sums.get(key, quantize(ZERO, currency)) + added[2]
        counts[key] = counts.get(key, 0) + 1
    kept = {key: amount for key, amount in sums.items() if counts[key] > 0}
    return _document((), _categories(kept, counts, rules), kept, quantize(ZERO, currency), rules)


_NO_LINE = LineTotals(ZERO, ZERO, ZERO, ZERO, ZERO)


def _rules(
    currency: str, document_discount: Decimal, prices_include_tax: bool, rounding_line: bool
) -> _Rules:
    if not is_rounded(document_discount, currency):
        raise DiscountNotRounded(
            N_("The discount has more digits than the currency."), field="document_discount"
        )
    discount = quantize(document_discount, currency)
    return _Rules(currency, discount, prices_include_tax, rounding_line and prices_include_tax)


def _categories(
    sums: Mapping[CategoryKey, Decimal], counts: Mapping[CategoryKey, int], rules: _Rules
) -> tuple[CategoryTotals, ...]:
    """Split the document discount over the categories and compute each category's VAT."""
    # The order is fixed by the categories alone: the largest-remainder split must not depend on which line came first,
    # or an incremental update could differ from a recomputation.
    keys = sorted(sums, key=lambda key: (key[1], key[0]))
    discount = rules.document_discount
    if not ZERO <= discount <= sum(sums.values(), ZERO):
        raise DiscountOutOfRange(
            N_("The discount is between 0 and the sum of the lines."), field="document_discount"
        )
    if discount:
        allowances = distribute(discount, [sums[key] for key in keys], rules.currency)
    else:
        allowances = [minor_unit(rules.currency) * 0] * len(keys)
    compute = _category_with_tax_inside if rules.prices_include_tax else _category
    return tuple(
        compute(key, sums[key], allowance, counts[key], rules)
        for key, allowance in zip(keys, allowances, strict=True)
    )


def _category(
    key: CategoryKey, amount: Decimal, allowance: Decimal, count: int, rules: _Rules
) -> CategoryTotals:
    taxable = amount - allowance
    tax = percent_of(taxable, key[1], rules.currency)
    return CategoryTotals(key[0], key[1], amount, allowance, taxable, tax, count)


def _category_with_tax_inside(
    key: CategoryKey, amount: Decimal, allowance: Decimal, count: int, rules: _Rules
) -> CategoryTotals:
    """Prices with VAT: V = round(S x rate / (100 + rate)), T = S - V. The customer pays exactly the shelf price."""
    lines_net, tax = _net_and_tax(amount, key[1], rules)
    taxable = lines_net
    if allowance:
        taxable, tax = _net_and_tax(amount - allowance, key[1], rules)
    return CategoryTotals(
        key[0], key[1], lines_net, lines_net - taxable, taxable, tax, count, amount
    )


def _net_and_tax(amount: Decimal, rate: Decimal, rules: _Rules) -> tuple[Decimal, Decimal]:
    if rules.rounding_line:
        net = ratio_of(amount, HUNDRED, HUNDRED + rate, rules.currency)
        return net, percent_of(net, rate, rules.currency)
    tax = ratio_of(amount, rate, HUNDRED + rate, rules.currency)
    return amount - tax, tax


def _line_shares(
    category: CategoryTotals, priced: Sequence[Decimal], rules: _Rules
) -> tuple[Sequence[Decimal], Sequence[Decimal]]:
    """Return nets and taxes of the category's lines; both add up to the category's."""
    currency = rules.currency
    if not rules.prices_include_tax:
        if not category.tax:
            return priced, [category.tax] * len(priced)
        return priced, distribute(category.tax, priced, currency)
    nets = distribute(category.lines_net, priced, currency)
    if category.lines_gross - category.lines_net == category.tax:
        # what is left of the shelf price, so that every line still shows it
        return nets, [amount - net for amount, net in zip(priced, nets, strict=True)]
    return nets, distribute(category.tax, priced, currency)


def _document(
    lines: tuple[LineTotals, ...],
    categories: tuple[CategoryTotals, ...],
    sums: Mapping[CategoryKey, Decimal],
    line_discounts: Decimal,
    rules: _Rules,
) -> DocumentTotals:
    zero = quantize(ZERO, rules.currency)
    subtotal = sum([category.taxable for category in categories], zero)
    tax_amount = sum([category.tax for category in categories], zero)
    rounding = zero
    if rules.rounding_line:
        payable = sum(sums.values(), zero) - rules.document_discount
        rounding = payable - subtotal - tax_amount
    total = subtotal + tax_amount + rounding
    if total >= AMOUNT_LIMIT:
        raise AmountTooLarge(N_("The total of the document is too large."), field="total")
    return DocumentTotals(
        lines=lines,
        categories=categories,
        subtotal=subtotal,
        tax_amount=tax_amount,
        total=total,
        discount_total=line_discounts + rules.document_discount,
        rounding=rounding,
    )
