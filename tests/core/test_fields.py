"""Decimal columns refuse what the database would round or accept silently."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.fields import AmountField, PercentField, QuantityField, RateField, UnitPriceField
from core.ids import uuid7

D = Decimal


@pytest.mark.parametrize(
    ("field", "digits", "places"),
    [
        (AmountField, 19, 4),
        (UnitPriceField, 19, 6),
        (QuantityField, 19, 6),
        (RateField, 18, 8),
        (PercentField, 7, 4),
    ],
)
def test_digits_are_decided_once_and_left_out_of_migrations(field, digits, places):
    made = field("amount", default=D(0))

    _, path, _, kwargs = made.deconstruct()

    assert (made.max_digits, made.decimal_places) == (digits, places)
    assert path == f"core.fields.{field.__name__}"
    assert kwargs == {"verbose_name": "amount", "default": D(0)}


@pytest.mark.parametrize("value", [D("0.00005"), D("NaN"), D("Infinity")])
def test_value_that_the_column_would_change_is_a_programming_error(value):
    with pytest.raises(ValueError, match="amount"):
        AmountField(name="amount").get_db_prep_save(value, connection)


def test_binary_numbers_are_refused():
    field = AmountField(name="amount")

    with pytest.raises(TypeError, match="float"):
        field.get_db_prep_save(0.1, connection)
    with pytest.raises(ValidationError):
        field.to_python(0.1)


@pytest.mark.parametrize("value", [D("1.5"), D("1.5000000"), D("-0.0001"), 3, None])
def test_exact_values_pass(value):
    assert AmountField(name="amount", null=True).get_db_prep_save(value, connection) == value


def test_ids_ascend():
    ids = [uuid7() for _ in range(1000)]

    assert ids == sorted(ids)
    assert ids[0].version == 7
