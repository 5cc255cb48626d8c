"""Totals and VAT of a document (accounting.md section 2)."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import distribute, is_rounded, minor_unit, quantize
from documents.totals import (
    DocumentTotals,
    LineInput,
    compute_totals,
    line_amounts,
    replace_line,
)
from tests.golden import golden_cases
from tests.strategies import CURRENCIES, line_inputs

D = Decimal
LINES = st.lists(line_inputs(), min_size=1, max_size=12)


def same_header(one: DocumentTotals, other: DocumentTotals) -> bool:
    """Return whether header and categories are equal."""
    names = ("categories", "subtotal", "tax_amount", "total", "rounding")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def compute_case(case: dict[str, Any]) -> DocumentTotals:
    """Compute a worked case."""
    data = case["input"]
    lines = [
        LineInput(
            quantity=D(line["quantity"]),
            unit_price=D(line["unit_price"]),
            discount_amount=D(line["discount"]),
            tax_category=line["category"],
            tax_rate=D(line["rate"]),
        )
        for line in data["lines"]
    ]
    return compute_totals(
        lines,
        currency="SAR",
        document_discount=D(data.get("document_discount", "0")),
        prices_include_tax=data["prices"] == "inclusive",
        rounding_line=data.get("option") == "rounding line",
    )


@pytest.mark.realdata
def test_totals_of_the_worked_cases(shared_data: Path):
    for name, case in golden_cases(shared_data, "totals").items():
        expected = case["expected"]

        totals = compute_case(case)

        assert [str(line.net) for line in totals.lines] == expected["line_nets"], name
        assert (str(totals.subtotal), str(totals.tax_amount)) == (
            expected["taxable"],
            expected["vat"],
        )
        assert str(totals.total) == expected.get("payable", expected.get("total")), name
        assert totals.rounding == D(expected.get("document_rounding", "0")), name
        for got, wanted in zip(totals.categories, expected["categories"], strict=True):
            assert (got.category, got.rate) == (wanted["category"], D(wanted["rate"])), name
            assert (got.taxable, got.tax) == (D(wanted["taxable"]), D(wanted["vat"])), name
            assert got.lines_gross == D(wanted.get("inclusive", "0")), name
            if "lines" in wanted:
                assert (got.lines_net, got.allowance) == (
                    D(wanted["lines"]),
                    D(wanted["allowance"]),
                )
        if "line_vat_display" in expected:
            assert [str(line.tax_display) for line in totals.lines] == expected["line_vat_display"]
        if "ledger_vat_per_line" in expected:
            assert [str(line.tax) for line in totals.lines] == expected["ledger_vat_per_line"]


@given(LINES, CURRENCIES, st.integers(0, 100))
def test_vat_is_computed_once_per_category_and_the_lines_add_up_to_it(lines, currency, percent):
    discount = discount_of(lines, currency, percent)

    totals = compute_totals(lines, currency=currency, document_discount=discount)

    for category in totals.categories:
        members = [
            amounts
            for line, amounts in zip(lines, totals.lines, strict=True)
            if (line.tax_category, line.tax_rate) == (category.category, category.rate)
        ]
        assert category.line_count == len(members)
        assert category.lines_net == sum(m.net for m in members)
        assert category.tax == quantize(category.taxable * category.rate / 100, currency)
        assert category.tax == sum(m.tax for m in members)
        assert category.taxable == category.lines_net - category.allowance
        assert category.taxable >= 0
    assert sum(c.allowance for c in totals.categories) == discount
    assert totals.total == totals.subtotal + totals.tax_amount
    assert totals.subtotal == sum(m.net for m in totals.lines) - discount
    assert totals.discount_total == sum(m.discount for m in totals.lines) + discount
    stored = (totals.subtotal, totals.tax_amount, totals.total, totals.discount_total)
    assert all(is_rounded(amount, currency) for amount in stored)
    assert all(
        is_rounded(a, currency) for m in totals.lines for a in (m.net, m.tax, m.gross, m.discount)
    )


@given(LINES, CURRENCIES, st.integers(0, 100), st.booleans())
def test_customer_pays_the_shelf_price_when_prices_include_vat(
    lines, currency, percent, rounding_line
):
    shelf = sum((line_amounts(line, currency)[1] for line in lines), D(0))
    discount = discount_of(lines, currency, percent)

    totals = compute_totals(
        lines,
        currency=currency,
        document_discount=discount,
        prices_include_tax=True,
        rounding_line=rounding_line,
    )

    unit = minor_unit(currency)
    assert totals.total == shelf - discount
    assert totals.total == totals.subtotal + totals.tax_amount + totals.rounding
    assert abs(totals.rounding) <= unit * len(totals.categories) * rounding_line
    assert sum(m.net for m in totals.lines) == sum(c.lines_net for c in totals.categories)
    assert sum(m.tax for m in totals.lines) == totals.tax_amount
    for category in totals.categories:
        exact = quantize(category.taxable * category.rate / 100, currency)
        assert abs(category.tax - exact) <= (0 if rounding_line else unit)
        assert category.allowance >= 0
    if not discount and not rounding_line:
        prices = [line_amounts(line, currency)[1] for line in lines]
        assert [m.gross for m in totals.lines] == prices


@given(LINES, CURRENCIES, st.data(), st.booleans(), st.booleans())
def test_changing_one_line_gives_what_recomputing_everything_gives(
    lines, currency, data, inclusive, rounding_line
):
    kind = {"prices_include_tax": inclusive, "rounding_line": rounding_line}
    at = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["add", "change", "delete"]))
    new = data.draw(line_inputs())
    kept = [line for index, line in enumerate(lines) if index != at]
    after = {"add": [*lines, new], "change": [*lines[:at], new, *lines[at + 1 :]], "delete": kept}[
        change
    ]
    discount = min(discount_of(lines, currency, 30), discount_of(after, currency, 100))
    before = compute_totals(lines, currency=currency, document_discount=discount, **kind)

    def entry(line):
        return (line.tax_category, line.tax_rate, line_amounts(line, currency)[1])

    changed = replace_line(
        before.categories,
        removed=None if change == "add" else entry(lines[at]),
        added=None if change == "delete" else entry(new),
        currency=currency,
        document_discount=discount,
        **kind,
    )

    assert same_header(
        changed, compute_totals(after, currency=currency, document_discount=discount, **kind)
    )


@given(LINES, st.randoms(use_true_random=False))
def test_order_of_the_lines_does_not_change_the_totals(lines, random):
    discount = discount_of(lines, "SAR", 37)
    shuffled = random.sample(lines, len(lines))

    totals = compute_totals(lines, currency="SAR", document_discount=discount)

    assert same_header(totals, compute_totals(shuffled, currency="SAR", document_discount=discount))


def discount_of(lines, currency, percent):
    """Return a document discount of a percent of what the lines come to."""
    whole = sum((line_amounts(line, currency)[1] for line in lines), D(0))
    return distribute(quantize(whole, currency), [D(percent), D(100 - percent)], currency)[0]


def test_document_without_lines_is_zero():
    totals = compute_totals([], currency="KWD")

    assert (totals.lines, totals.categories) == ((), ())
    assert [str(a) for a in (totals.subtotal, totals.tax_amount, totals.total)] == ["0.000"] * 3


def test_free_line_keeps_its_category():
    totals = compute_totals([LineInput(D(3), D(0))], currency="SAR")

    assert [(c.category, c.line_count, c.tax) for c in totals.categories] == [("S", 1, D(0))]


def test_percent_is_taken_of_the_exact_product():
    line = LineInput(D("0.333333"), D("10.05"), discount_percent=D("50"))

    assert line_amounts(line, "SAR") == (D("1.67"), D("1.68"))


def test_discount_amount_is_used_instead_of_the_percent():
    line = LineInput(D(1), D(10), discount_percent=D(50), discount_amount=D("1.25"))

    assert line_amounts(line, "SAR") == (D("1.25"), D("8.75"))


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({"quantity": D(-1)}, "negative_amount", "lines.1.quantity"),
        ({"unit_price": D(-1)}, "negative_amount", "lines.1.unit_price"),
        ({"quantity": D("NaN")}, "amount_not_finite", "lines.1.total"),
        ({"unit_price": D("Infinity")}, "amount_not_finite", "lines.1.total"),
        ({"discount_percent": D("100.0001")}, "discount_out_of_range", "lines.1.discount_percent"),
        ({"discount_percent": D(-1)}, "discount_out_of_range", "lines.1.discount_percent"),
        ({"discount_amount": D("10.01")}, "discount_out_of_range", "lines.1.discount_amount"),
        ({"discount_amount": D("1.005")}, "too_many_places", "lines.1.discount_amount"),
        ({"discount_amount": D("NaN")}, "too_many_places", "lines.1.discount_amount"),
        (
            {"quantity": D("9999999999999"), "unit_price": D("9999999999999")},
            "amount_too_large",
            "lines.1.total",
        ),
    ],
)
def test_wrong_line_is_named(line, code, field):
    good = LineInput(D(1), D(10))
    wrong = LineInput(**({"quantity": D(1), "unit_price": D(10)} | line))

    with pytest.raises(DomainError) as refused:
        compute_totals([good, wrong], currency="SAR")

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("discount", "code"),
    [
        ("10.01", "discount_out_of_range"),
        ("-0.01", "discount_out_of_range"),
        ("0.001", "too_many_places"),
    ],
)
def test_document_discount_is_an_amount_up_to_the_sum_of_the_lines(discount, code):
    with pytest.raises(DomainError) as refused:
        compute_totals([LineInput(D(1), D(10))], currency="SAR", document_discount=D(discount))

    assert (refused.value.code, refused.value.field) == (code, "document_discount")


def test_total_that_no_column_can_hold_names_the_total():
    line = LineInput(D(1), D("900000000000000"))

    with pytest.raises(DomainError) as refused:
        compute_totals([line], currency="SAR")

    assert (refused.value.code, refused.value.field) == ("amount_too_large", "total")


def test_small_discount_may_be_taken_from_the_vat_alone():
    totals = compute_totals(
        [LineInput(D(1), D("0.04"))],
        currency="SAR",
        document_discount=D("0.01"),
        prices_include_tax=True,
    )

    assert (totals.subtotal, totals.tax_amount, totals.total) == (D("0.03"), D("0.00"), D("0.03"))
    assert totals.lines[0].tax == totals.tax_amount
