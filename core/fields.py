"""Decimal columns with digits decided once (accounting.md section 1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class _FixedDecimalField(models.DecimalField):
    """Refuses what PostgreSQL would round or accept silently: hidden digits, binary floats, NaN and infinity."""

    digits: int
    places: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = self.digits
        kwargs["decimal_places"] = self.places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Any:
        if isinstance(value, float):
            raise ValidationError(
                _("A binary number cannot hold an amount exactly."), code="invalid"
            )
        return super().to_python(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, float):
            raise TypeError(f"{self.name}: a float cannot hold an amount exactly")
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            if not isinstance(exponent, int):
                raise ValueError(f"{self.name}: {value} is not a finite number")
            # the quick test first: most values carry no more places than the column
            if exponent < -self.places and value != round(value, self.places):
                raise ValueError(f"{self.name}: {value} has more than {self.places} places")
        return super().get_db_prep_save(value, connection)


class AmountField(_FixedDecimalField):
    """Money, rounded to its currency's minor unit before it is stored: numeric(19,4)."""

    digits, places = 19, 4


class UnitPriceField(_FixedDecimalField):
    """A price or cost of one unit: numeric(19,6)."""

    digits, places = 19, 6


class QuantityField(_FixedDecimalField):
    """A quantity: numeric(19,6)."""

    digits, places = 19, 6


class RateField(_FixedDecimalField):
    """Base units for one foreign unit: numeric(18,8)."""

    digits, places = 18, 8


class PercentField(_FixedDecimalField):
    """A percentage, 15 for 15 %: numeric(7,4)."""

    digits, places = 7, 4
