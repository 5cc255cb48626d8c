"""Rounding and splitting (accounting.md section 1)."""

from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    distribute,
    is_rounded,
    minor_unit,
    percent_of,
    product,
    quantize,
    quantize_digits,
    ratio_of,
)
from tests.golden import golden_cases
from tests.strategies import CURRENCIES, decimals

D = Decimal


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1.005", "SAR", "1.01"),
        ("-1.005", "SAR", "-1.01"),
        ("2.675", "SAR", "2.68"),
        ("0.0005", "KWD", "0.001"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("1", "SAR", "1.00"),
    ],
)
def test_half_goes_away_from_zero_at_the_minor_unit(amount, currency, expected):
    assert str(quantize(D(amount), currency)) == expected


def test_rounding_does_not_follow_the_thread_context():
    with localcontext(prec=4, rounding="ROUND_DOWN"):
        assert product(D("123456.789"), D("1000.005"), "SAR") == D("123457406.28")
        assert quantize_digits(D("123456.785"), 2) == D("123456.79")


def test_product_of_longest_numbers_is_exact_before_it_is_rounded():
    longest = D("9999999999999.999999")

    exact = D(int(longest.scaleb(6)) ** 2).scaleb(-12)

    assert product(longest, longest, "SAR") == exact.quantize(D("0.01"))


def test_percent_is_rounded_once():
    assert percent_of(D("1234.55"), D("7.5"), "SAR") == D("92.59")
    assert percent_of(D("10.03"), D(15), "SAR") == D("1.50")


@given(
    decimals("-99999", "99999", 6),
    decimals("0", "9999", 4),
    decimals("0.0001", "9999", 4),
    CURRENCIES,
)
def test_ratio_is_within_half_a_minor_unit_of_the_exact_quotient(amount, part, whole, currency):
    result = ratio_of(amount, part, whole, currency)

    assert is_rounded(result, currency)
    assert abs(result * whole - amount * part) * 2 <= minor_unit(currency) * whole


@given(
    st.lists(decimals("0", "100000", 6), min_size=1, max_size=30),
    st.integers(-(10**12), 10**12),
    CURRENCIES,
)
def test_parts_add_up_to_the_whole_and_are_within_a_unit_of_their_share(weights, units, currency):
    unit = minor_unit(currency)
    total = units * unit

    parts = distribute(total, weights, currency)

    assert sum(parts) == total
    assert all(is_rounded(part, currency) for part in parts)
    whole = sum(weights)
    if whole:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * whole - total * weight) < unit * whole


@given(st.lists(decimals("0", "100", 3), min_size=1, max_size=9), st.integers(0, 10**6))
def test_negative_whole_is_split_like_its_positive(weights, units):
    total = D(units).scaleb(-2)

    assert distribute(-total, weights, "SAR") == [-p for p in distribute(total, weights, "SAR")]


def test_missing_units_go_to_the_first_of_equals():
    assert distribute(D("0.02"), [D(1)] * 3, "SAR") == [D("0.01"), D("0.01"), D("0.00")]
    assert distribute(D("0.01"), [D(0), D(1), D(1)], "SAR") == [D(0), D("0.01"), D(0)]
    assert distribute(D("0.03"), [D(0), D(0)], "SAR") == [D("0.02"), D("0.01")]


@pytest.mark.parametrize(
    ("total", "weights"),
    [("1.001", ["1", "2"]), ("1.00", []), ("1.00", ["1", "-1"]), ("1.00", ["NaN", "1"])],
)
def test_split_refuses_what_cannot_add_up(total, weights):
    with pytest.raises(ValueError, match=r"total|distribute|weights"):
        distribute(D(total), [D(weight) for weight in weights], "SAR")


def test_nothing_over_nothing_is_nothing():
    assert distribute(D(0), [], "SAR") == []
    assert str(distribute(D("-0.00"), [D(1)], "SAR")[0]) == "0.00"


@pytest.mark.realdata
def test_splits_of_the_worked_cases(shared_data: Path):
    for name, case in golden_cases(shared_data, "split").items():
        weights = [D(weight) for weight in case["input"]["weights"]]

        parts = distribute(D(case["input"]["amount"]), weights, "SAR")

        assert [str(part) for part in parts] == case["expected"], name
