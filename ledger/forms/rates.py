"""Exchange rates: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, NumberField, PageForm, TextField

CURRENCIES = ("USD", "EUR", "GBP", "AED", "KWD", "BHD", "OMR", "QAR", "SAR", "EGP", "INR", "CNY")


class RateForm(PageForm):
    currency = forms.ChoiceField(label=_("Currency"))
    date = DayField(label=_("Date"))
    rate = NumberField(
        label=_("Rate"),
        places=8,
        max_digits=18,
        above=Decimal(0),
        help_text=_("Base units for one unit."),
    )
    source = TextField(label=_("Source"), max_length=60, required=False)

    layout = (("", (("currency", "w-3"), ("date", "w-3"), ("rate", "w-3"), ("source", "w-3"))),)

    def __init__(self, *args: Any, base_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, code) for code in CURRENCIES if code != base_currency]
        self.fields["currency"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
