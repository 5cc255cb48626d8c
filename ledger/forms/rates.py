"""Exchange rates: shape of the input."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, NumberField, PageForm, TextField

CURRENCIES = ("USD", "EUR", "GBP", "AED", "KWD", "BHD", "OMR", "QAR", "SAR", "EGP", "INR", "CNY")
_LIST = re.compile(r"[A-Z]{3}([ ,;]+[A-Z]{3})*\Z")


def _rate_field() -> NumberField:
    return NumberField(
        label=_("Rate"),
        places=8,
        max_digits=18,
        above=Decimal(0),
        help_text=_("Base units for one unit."),
    )


class RateForm(PageForm):
    currency = forms.ChoiceField(label=_("Currency"))
    date = DayField(label=_("Date"))
    rate = _rate_field()
    source = TextField(label=_("Source"), max_length=60, required=False)

    layout = (("", (("currency", "w-3"), ("date", "w-3"), ("rate", "w-3"), ("source", "w-3"))),)

    def __init__(self, *args: Any, base_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, code) for code in CURRENCIES if code != base_currency]
        self.fields["currency"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class RateCorrectionForm(PageForm):
    """Another rate for a day that has one."""

    rate = _rate_field()
    source = TextField(label=_("Source"), max_length=60, required=False)

    layout = (("", (("rate", "w-6"), ("source", "w-6"))),)


class CurrencyListField(TextField):
    """Codes of currencies, separated by commas or blanks; empty: all."""

    def clean(self, value: Any) -> frozenset[str]:  # type: ignore[override]  # a set instead of the text
        text = super().clean(value).upper()
        if text and not _LIST.match(text):
            raise ValidationError(_("Enter codes such as USD, EUR."), code="invalid")
        return frozenset(re.findall(r"[A-Z]{3}", text))


class RateFileForm(PageForm):
    """A file of rates to import."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.gz,.zip"})
    )
    currencies = CurrencyListField(
        label=_("Currencies"),
        max_length=200,
        required=False,
        help_text=_("For example USD, EUR; empty: all of the file."),
        attrs={"dir": "ltr"},
    )
    since = DayField(label=_("From day"), required=False, earliest=1990)
    replace = forms.BooleanField(
        label=_("Correct days that have another rate"),
        required=False,
        help_text=_("Otherwise they keep theirs."),
    )

    layout = (("", (("file", "w-6"), ("currencies", "w-6"), ("since", "w-6"), ("replace", "w-6"))),)
