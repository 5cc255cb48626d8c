"""What a credit note takes back of a posted document, in part or in whole (accounting.md S3, S4). Pure.

Quantities and amounts are asked for by line. Each step works from what is left, so the last one takes the residue: credits
of everything add up to the document to the halala, VAT and document discount included. Nothing is credited twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import N_, DomainError, ValidationErrors
from core.money import ZERO, distribute, is_rounded, percent_of, product, quantize, ratio_of
from documents.totals import CategoryKey, CategoryTotals

HUNDRED = Decimal(100)


class CreditTooMuch(DomainError):
    """No more is credited than was sold and is not credited yet."""

    code = "credit_too_much"
    status = 409


class NothingToCredit(DomainError):
    """A credit note takes something back."""

    code = "nothing_to_credit"


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the document. `priced` is its amount after its discount: with VAT where the prices include it."""

    id: uuid.UUID
    quantity: Decimal
    unit_price: Decimal
    priced: Decimal
    tax_category: str
    tax_rate: Decimal

    @property
    def category(self) -> CategoryKey:
        """The VAT category it counts to."""
        return (self.tax_category, self.tax_rate)


@dataclass(frozen=True, slots=True)
class Sold:
    """The document that is credited, in its currency."""

    currency: str
    prices_include_tax: bool
    lines: tuple[SoldLine, ...]
    categories: tuple[CategoryTotals, ...]


@dataclass(frozen=True, slots=True)
class LineCredited:
    """What earlier credit notes took back of one line."""

    quantity: Decimal = ZERO
    priced: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CategoryCredited:
    """What earlier credit notes took back of one VAT category."""

    lines_net: Decimal = ZERO
    allowance: Decimal = ZERO
    taxable: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Credited:
    """All that earlier credit notes took back."""

    lines: Mapping[uuid.UUID, LineCredited] = field(default_factory=dict)
    categories: Mapping[CategoryKey, CategoryCredited] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line asked for: a quantity that comes back, or an amount off its price. `row` is where it was typed."""

    line_id: uuid.UUID
    quantity: Decimal | None = None
    amount: Decimal | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of the credit note. quantity x unit_price, rounded, less `discount` is `priced`."""

    line_id: uuid.UUID
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    priced: Decimal
    price_only: bool
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """The amounts of a credit note, as the document mechanism stores them."""

    lines: tuple[CreditLine, ...]
    categories: tuple[CategoryTotals, ...]
    document_discount: Decimal

    @property
    def subtotal(self) -> Decimal:
        """Net of the credit note."""
        return sum((category.taxable for category in self.categories), ZERO)

    @property
    def tax_amount(self) -> Decimal:
        """VAT of the credit note."""
        return sum((category.tax for category in self.categories), ZERO)

    @property
    def total(self) -> Decimal:
        """What the customer is credited."""
        return self.subtotal + self.tax_amount


def everything_left(sold: Sold, credited: Credited) -> list[Wanted]:
    """Return what is needed to credit the whole rest: quantities first, amounts of lines that came back already."""
    wanted = []
    for row, line in enumerate(sold.lines):
        before = credited.lines.get(line.id, LineCredited())
        if line.quantity > before.quantity:
            wanted.append(Wanted(line.id, quantity=line.quantity - before.quantity, row=row))
        elif line.priced > before.priced:
            wanted.append(Wanted(line.id, amount=line.priced - before.priced, row=row))
    return wanted


def credit_of(sold: Sold, credited: Credited, wanted: Iterable[Wanted]) -> Credit:
    """Return the credit note over what is wanted. Amounts in the document's currency.

    Raises ValidationErrors that name every wrong row (CreditTooMuch and others below `lines.<row>`), NothingToCredit.
    """
    by_id = {line.id: line for line in sold.lines}
    chosen: list[tuple[SoldLine, CreditLine]] = []
    errors: list[DomainError] = []
    seen: set[uuid.UUID] = set()
    for one in wanted:
        try:
            line = by_id.get(one.line_id)
            if line is None:
                raise CreditTooMuch(N_("The document has no such line."), field="line")
            if line.id in seen:
                raise CreditTooMuch(N_("Name each line once."), field="line")
            seen.add(line.id)
            before = credited.lines.get(line.id, LineCredited())
            chosen.append((line, _line(sold.currency, line, before, one)))
        except DomainError as error:
            errors.append(error.within(f"lines.{one.row}"))
    if errors:
        raise ValidationErrors(errors)
    if not chosen:
        raise NothingToCredit(N_("Choose at least one line to credit."), field="lines")
    return _document(sold, credited, chosen)


def _line(currency: str, line: SoldLine, before: LineCredited, wanted: Wanted) -> CreditLine:
    rest = line.priced - before.priced
    if wanted.amount is not None:
        if wanted.quantity is not None:
            raise CreditTooMuch(
                N_("Credit either a quantity or an amount of a line."), field="amount"
            )
        return _price_only(currency, line, rest, wanted.amount)
    quantity, left = wanted.quantity or ZERO, line.quantity - before.quantity
    if quantity <= 0:
        raise NothingToCredit(N_("Enter a quantity greater than zero."), field="quantity")
    if quantity > left:
        raise CreditTooMuch(
            N_("Only %(left)s of this line can still be credited."),
            field="quantity",
            params={"left": format(left.normalize(), "f")},
        )
    # from what is left: after a lower price, goods come back at the lower price
    priced = rest if quantity == left else ratio_of(rest, quantity, left, currency)
    unit_price = line.unit_price
    amount = product(quantity, unit_price, currency)
    if amount < priced:
        # the residue of earlier roundings: a price with more digits says it
        unit_price = (priced / quantity).quantize(Decimal("0.000001"))
        amount = product(quantity, unit_price, currency)
    return CreditLine(
        line.id, quantity, unit_price, max(amount - priced, ZERO), priced, False, ZERO, ZERO
    )


def _price_only(currency: str, line: SoldLine, rest: Decimal, amount: Decimal) -> CreditLine:
    if amount <= 0 or not is_rounded(amount, currency):
        raise NothingToCredit(
            N_("Enter an amount greater than zero, in whole minor units."), field="amount"
        )
    if amount > rest:
        raise CreditTooMuch(
            N_("Only %(left)s of this line can still be credited."),
            field="amount",
            params={"left": rest},
        )
    return CreditLine(line.id, Decimal(1), amount, ZERO, amount, True, ZERO, ZERO)


def _document(
    sold: Sold, credited: Credited, chosen: Sequence[tuple[SoldLine, CreditLine]]
) -> Credit:
    members: dict[CategoryKey, list[int]] = {}
    for index, (line, _) in enumerate(chosen):
        members.setdefault(line.category, []).append(index)
    lines = [credit for _, credit in chosen]
    categories, discount = [], quantize(ZERO, sold.currency)
    for category in sold.categories:
        indexes = members.get((category.category, category.rate), [])
        if not indexes:
            continue
        priced = [lines[index].priced for index in indexes]
        part, taken_off = _category(sold, credited, category, sum(priced, ZERO), len(indexes))
        categories.append(part)
        discount += taken_off
        nets = (
            distribute(part.lines_net, priced, sold.currency) if sold.prices_include_tax else priced
        )
        taxes = distribute(part.tax, priced, sold.currency)
        for index, net, tax in zip(indexes, nets, taxes, strict=True):
            lines[index] = _with_amounts(lines[index], net, tax)
    return Credit(tuple(lines), tuple(categories), discount)


def _with_amounts(line: CreditLine, net: Decimal, tax: Decimal) -> CreditLine:
    return CreditLine(
        line.line_id,
        line.quantity,
        line.unit_price,
        line.discount,
        line.priced,
        line.price_only,
        net,
        tax,
    )


def _category(
    sold: Sold, credited: Credited, category: CategoryTotals, priced: Decimal, count: int
) -> tuple[CategoryTotals, Decimal]:
    """Return one category of the credit note and what the document's discount takes off its priced amounts."""
    key = (category.category, category.rate)
    of_category = [line for line in sold.lines if line.category == key]
    whole = sum((line.priced for line in of_category), ZERO)
    earlier = sum(
        (credited.lines.get(line.id, LineCredited()).priced for line in of_category), ZERO
    )
    before = credited.categories.get(key, CategoryCredited())
    until = earlier + priced
    cumulative = _with_tax_inside if sold.prices_include_tax else _without_tax
    after = cumulative(category, until, whole, sold.currency)
    part = CategoryTotals(
        category.category,
        category.rate,
        after.lines_net - before.lines_net,
        after.allowance - before.allowance,
        after.taxable - before.taxable,
        after.tax - before.tax,
        count,
        priced if sold.prices_include_tax else ZERO,
    )
    if sold.prices_include_tax:
        return part, priced - part.taxable - part.tax
    return part, part.allowance


def _share(total: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    return total if part >= whole else ratio_of(total, part, whole, currency)


def _without_tax(
    category: CategoryTotals, until: Decimal, whole: Decimal, currency: str
) -> CategoryCredited:
    """Return what has been taken back of the category once lines of `until` net are credited."""
    allowance = _share(category.allowance, until, whole, currency)
    taxable = until - allowance
    tax = category.tax
    if until < whole:
        tax = min(tax, percent_of(taxable, category.rate, currency))
    return CategoryCredited(until, allowance, taxable, tax)


def _with_tax_inside(
    category: CategoryTotals, until: Decimal, whole: Decimal, currency: str
) -> CategoryCredited:
    """The same where prices include VAT: `until` and `whole` do too."""
    if until >= whole:
        return CategoryCredited(
            category.lines_net, category.allowance, category.taxable, category.tax
        )
    divisor = HUNDRED + category.rate
    payable = _share(category.taxable + category.tax, until, whole, currency)
    tax = min(category.tax, ratio_of(payable, category.rate, divisor, currency))
    net = until - ratio_of(until, category.rate, divisor, currency)
    return CategoryCredited(net, net - (payable - tax), payable - tax, tax)
