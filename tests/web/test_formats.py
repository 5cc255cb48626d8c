from datetime import date
from decimal import Decimal

import pytest

from web.formats import (
    format_amount,
    format_date,
    format_percent,
    format_quantity,
    format_unit_price,
)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234567.5", "SAR", "1,234,567.50"),
        ("1.0005", "KWD", "1.001"),
        ("-310.5", "SAR", "−310.50"),
        ("-0.001", "SAR", "0.00"),
        ("1500", "JPY", "1,500"),
        ("0.005", "SAR", "0.01"),
    ],
)
def test_amounts_have_the_currencys_digits_and_a_real_minus(amount, currency, text):
    assert format_amount(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [("45", "45.00"), ("0.385", "0.385"), ("1E+3", "1,000.00"), ("2.500000", "2.50")],
)
def test_prices_keep_their_digits_but_no_trailing_zeros(price, text):
    assert format_unit_price(Decimal(price), "SAR") == text


@pytest.mark.parametrize(
    ("quantity", "text"), [("12.000000", "12"), ("0.5", "0.5"), ("1E+2", "100"), ("1200", "1,200")]
)
def test_quantities_drop_trailing_zeros(quantity, text):
    assert format_quantity(Decimal(quantity)) == text


def test_percent_is_short():
    assert format_percent(Decimal("15.0000")) == "15%"
    assert format_percent(Decimal("12.50")) == "12.5%"


def test_dates_are_written_in_both_languages():
    assert format_date(date(2026, 1, 5), "en") == "5 Jan 2026"
    assert format_date(date(2026, 1, 5), "ar") == "5 يناير 2026"
