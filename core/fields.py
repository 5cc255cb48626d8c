"""Decimal columns with digits decided once (accounting.md section 1)."""

from __future__ import annotations

from typing import Any

from django.db import models


class _FixedDecimalField(models.DecimalField):
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
