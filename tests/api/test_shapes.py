"""Amounts are written with the minor digits of their currency, whatever way they are stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.shapes import money
from core.money import minor_digits

currencies = st.sampled_from(["SAR", "KWD", "JPY"])


@pytest.mark.parametrize(
    ("stored", "currency", "written"),
    [
        ("12.34", "SAR", "12.34"),
        ("12.3400", "SAR", "12.34"),
        ("-12.3450", "SAR", "-12.345"),
        ("12.3450", "KWD", "12.345"),
        ("12", "SAR", "12.00"),
        ("1E+3", "SAR", "1000.00"),
        ("1.2300E+4", "SAR", "12300.00"),
        ("-0.0000", "SAR", "0.00"),
        ("0E-9", "JPY", "0"),
        ("7.0000", "JPY", "7"),
    ],
)
def test_an_amount_has_the_minor_digits_of_its_currency(stored, currency, written):
    assert money(Decimal(stored), currency) == written


def test_no_amount_is_written_as_zero():
    assert money(None, "SAR") == "0.00"


@given(st.integers(-(10**15), 10**15), st.integers(-9, 3), currencies)
def test_no_digit_is_lost_and_none_is_missing(digits, exponent, currency):
    amount = Decimal(digits).scaleb(exponent)
    written = money(amount, currency)
    assert Decimal(written) == amount
    assert "E" not in written
    assert len(written.partition(".")[2]) >= minor_digits(currency)
