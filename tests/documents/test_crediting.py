"""Credits in steps (S3, S4): never more than was sold, and all of them together are the document to the halala."""

import random
import uuid
from decimal import Decimal

import pytest

from core.errors import ValidationErrors
from documents.crediting import (
    CategoryCredited,
    Credited,
    LineCredited,
    NothingToCredit,
    Sold,
    SoldLine,
    Wanted,
    credit_of,
    everything_left,
)
from documents.totals import LineInput, compute_totals, line_amounts

D = Decimal


def sold(*lines, inside=False, discount="0", currency="SAR"):
    """Return a document of (quantity, price, rate[, discount percent]) lines."""
    inputs = [
        LineInput(
            D(quantity),
            D(price),
            discount_percent=D(rest[0]) if rest else D(0),
            tax_category="S" if D(rate) else "Z",
            tax_rate=D(rate),
        )
        for quantity, price, rate, *rest in lines
    ]
    totals = compute_totals(
        inputs, currency=currency, document_discount=D(discount), prices_include_tax=inside
    )
    return (
        Sold(
            currency,
            inside,
            tuple(
                SoldLine(
                    uuid.UUID(int=index + 1),
                    line.quantity,
                    line.unit_price,
                    line_amounts(line, currency)[1],
                    line.tax_category,
                    line.tax_rate,
                )
                for index, line in enumerate(inputs)
            ),
            totals.categories,
        ),
        totals,
    )


def together(document, before, credit):
    """Return what is credited once this credit note is posted too."""
    category_of = {line.id: line.category for line in document.lines}
    lines, categories = dict(before.lines), dict(before.categories)
    for line in credit.lines:
        old = lines.get(line.line_id, LineCredited())
        goods = D(0) if line.price_only else line.quantity
        lines[line.line_id] = LineCredited(old.quantity + goods, old.priced + line.priced)
    for part in credit.categories:
        key = (part.category, part.rate)
        assert key in category_of.values()
        old = categories.get(key, CategoryCredited())
        categories[key] = CategoryCredited(
            old.lines_net + part.lines_net,
            old.allowance + part.allowance,
            old.taxable + part.taxable,
            old.tax + part.tax,
        )
    return Credited(lines, categories)


def line_id(number):
    return uuid.UUID(int=number)


def test_whole_credit_is_the_document():
    document, totals = sold(
        ("7", "10.03", "15"), ("1", "300", "0", "10"), ("3", "0.333", "15"), discount="15"
    )

    credit = credit_of(document, Credited(), everything_left(document, Credited()))

    assert (credit.subtotal, credit.tax_amount, credit.total) == (
        totals.subtotal,
        totals.tax_amount,
        totals.total,
    )
    assert credit.document_discount == D("15.00")
    assert [(line.net, line.tax) for line in credit.lines] == [
        (line.net, line.tax) for line in totals.lines
    ]


def test_three_credits_of_a_third_add_up():
    document, totals = sold(("3", "33.333333", "15"))
    before, parts = Credited(), []
    for _ in range(3):
        credit = credit_of(document, before, [Wanted(line_id(1), quantity=D(1))])
        before = together(document, before, credit)
        parts.append((credit.subtotal, credit.tax_amount))

    assert parts == [
        (D("33.33"), D("5.00")),
        (D("33.34"), D("5.00")),
        (D("33.33"), D("5.00")),
    ]
    assert sum(net for net, _ in parts) == totals.subtotal
    assert everything_left(document, before) == []


def test_goods_come_back_at_the_lowered_price():
    document, _ = sold(("10", "10", "15"))
    lower = credit_of(document, Credited(), [Wanted(line_id(1), amount=D("10.00"))])
    before = together(document, Credited(), lower)

    back = credit_of(document, before, [Wanted(line_id(1), quantity=D(5))])

    assert lower.lines[0].price_only
    assert lower.total == D("11.50")
    assert (back.subtotal, back.tax_amount) == (D("45.00"), D("6.75"))


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(line_id(1), quantity=D("10.000001")), "lines.0.quantity"),
        (Wanted(line_id(1), quantity=D(0)), "lines.0.quantity"),
        (Wanted(line_id(1), amount=D("100.01")), "lines.0.amount"),
        (Wanted(line_id(1), amount=D("0.001")), "lines.0.amount"),
        (Wanted(line_id(1), quantity=D(1), amount=D(1)), "lines.0.amount"),
        (Wanted(line_id(9), quantity=D(1)), "lines.0.line"),
    ],
)
def test_more_than_was_sold_is_refused_at_its_field(wanted, field):
    document, _ = sold(("10", "10", "15"))

    with pytest.raises(ValidationErrors) as refused:
        credit_of(document, Credited(), [wanted])

    assert [error.field for error in refused.value.errors] == [field]


def test_a_line_named_twice_and_no_line_at_all_are_refused():
    document, _ = sold(("10", "10", "15"))
    one = Wanted(line_id(1), quantity=D(1))

    with pytest.raises(ValidationErrors):
        credit_of(document, Credited(), [one, one])
    with pytest.raises(NothingToCredit):
        credit_of(document, Credited(), [])


def random_document(choose):
    """Return a random document of at most six lines, half of them with a discount on the whole."""
    inside = choose.random() < 0.4
    lines = [
        (
            str(D(choose.randint(1, 9000)) / choose.choice([1, 10, 1000])),
            str(D(choose.randint(100, 99999)) / choose.choice([1, 100, 10000])),
            choose.choice(["15", "0", "5"]),
            choose.choice(["0", "0", "7.5"]),
        )
        for _ in range(choose.randint(1, 6))
    ]
    lines.append(("1", "1", "15"))
    return sold(*lines, inside=inside, discount=choose.choice(["0", "0.37"]))


def random_step(choose, document, before):
    """Return some lines to credit: thirds of what is left, quantities and amounts mixed."""
    wanted = []
    for line in document.lines:
        done = before.lines.get(line.id, LineCredited())
        left, rest = line.quantity - done.quantity, line.priced - done.priced
        if choose.random() < 0.3 and rest > D("0.03"):
            wanted.append(Wanted(line.id, amount=(rest / 3).quantize(D("0.01"))))
        elif choose.random() < 0.7 and left > D("0.000003"):
            wanted.append(Wanted(line.id, quantity=(left / 3).quantize(D("0.000001"))))
    return wanted


def require_sound(credit, *, inside):
    """Assert that a credit note is a document: parts add up, nothing is negative, VAT is within a halala."""
    for part in credit.categories:
        assert part.taxable == part.lines_net - part.allowance
        assert min(part.tax, part.taxable, part.lines_net) >= 0
        assert inside or abs(part.tax - part.taxable * part.rate / 100) <= D("0.0101")
    assert sum(line.net for line in credit.lines) == sum(c.lines_net for c in credit.categories)
    assert sum(line.tax for line in credit.lines) == credit.tax_amount
    for line in credit.lines:
        computed = (line.quantity * line.unit_price).quantize(D("0.01"), "ROUND_HALF_UP")
        assert computed - line.discount == line.priced


@pytest.mark.parametrize("seed", range(100))
def test_any_steps_to_everything_add_up_to_the_document(seed):
    choose = random.Random(seed)
    document, totals = random_document(choose)
    before, credits = Credited(), []
    steps = [random_step] * choose.randint(0, 5) + [lambda _, *facts: everything_left(*facts)]
    for step in steps:
        wanted = step(choose, document, before)
        if wanted:
            credits.append(credit_of(document, before, wanted))
            before = together(document, before, credits[-1])

    assert sum(credit.total for credit in credits) == totals.total
    assert sum(credit.tax_amount for credit in credits) == totals.tax_amount
    for credit in credits:
        require_sound(credit, inside=document.prices_include_tax)
