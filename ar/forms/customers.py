"""Customers: shape of the input."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ar.models.customers import CreditControl
from core.forms import NumberField, PageForm, TextField, VatNumberField, WholeNumberField
from documents.models import PaymentTerms

_ARABIC = {"dir": "rtl", "lang": "ar"}
_CODE = {"dir": "ltr"}


class CustomerForm(PageForm):
    name = TextField(label=_("Name"), max_length=200)
    name_arabic = TextField(
        label=_("Name in Arabic"), max_length=200, required=False, attrs=_ARABIC
    )
    code = TextField(
        label=_("Code"),
        max_length=40,
        required=False,
        attrs=_CODE,
        help_text=_("Empty: the next free one."),
    )
    vat_number = VatNumberField(
        label=_("VAT number"), help_text=_("15 digits, the first and the last are 3.")
    )
    cr_number = TextField(
        label=_("Commercial registration"), max_length=20, required=False, attrs=_CODE
    )
    street = TextField(label=_("Street"), max_length=200, required=False)
    building_number = TextField(
        label=_("Building number"), max_length=10, required=False, attrs=_CODE
    )
    district = TextField(label=_("District"), max_length=120, required=False)
    city = TextField(label=_("City"), max_length=120, required=False)
    city_arabic = TextField(
        label=_("City in Arabic"), max_length=120, required=False, attrs=_ARABIC
    )
    postal_code = TextField(label=_("Postal code"), max_length=10, required=False, attrs=_CODE)
    country = TextField(
        label=_("Country"), max_length=2, attrs=_CODE, help_text=_("Two letters, for example SA.")
    )
    phone = TextField(label=_("Phone"), max_length=30, required=False, attrs=_CODE)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs=_CODE)
    )
    language = forms.ChoiceField(
        label=_("Language of documents"), choices=(("ar", _("Arabic")), ("en", _("English")))
    )
    payment_terms_days = WholeNumberField(
        label=_("Payment terms in days"),
        maximum=3650,
        required=False,
        help_text=_("Empty: those of the company."),
    )
    credit_limit = NumberField(
        label=_("Credit limit"),
        minimum=Decimal(0),
        required=False,
        help_text=_("Empty: no limit."),
    )
    terms = forms.ChoiceField(
        label=_("Payment terms"),
        required=False,
        help_text=_("Empty: the number of days."),
    )
    credit_control = forms.ChoiceField(
        label=_("When the limit is exceeded"),
        choices=CreditControl.choices,
        initial="warn",
        required=False,
    )
    reminders_stopped = forms.BooleanField(label=_("Send no reminders"), required=False)
    notes = TextField(label=_("Notes"), max_length=2000, multiline=True, required=False)
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        help_text=_("Inactive ones stay in history and leave the pickers."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    layout = (
        (
            "",
            (
                ("name", "w-6"),
                ("name_arabic", "w-6"),
                ("code", "w-4"),
                ("vat_number", "w-4"),
                ("cr_number", "w-4"),
            ),
        ),
        (
            _("Address"),
            (
                ("street", "w-6"),
                ("building_number", "w-3"),
                ("postal_code", "w-3"),
                ("district", "w-3"),
                ("city", "w-3"),
                ("city_arabic", "w-3"),
                ("country", "w-3"),
            ),
        ),
        (_("Contact"), (("phone", "w-4"), ("email", "w-4"), ("language", "w-4"))),
        (
            _("Terms"),
            (
                ("payment_terms_days", "w-6"),
                ("terms", "w-6"),
                ("credit_limit", "w-6"),
                ("credit_control", "w-6"),
                ("reminders_stopped", ""),
                ("notes", ""),
                ("is_active", ""),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = PaymentTerms.objects.filter(is_active=True).order_by("code")
        choices = [("", "–"), *((str(one.pk), f"{one.code} · {one.name}") for one in terms)]
        self.fields["terms"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_terms(self) -> uuid.UUID | None:
        text = self.cleaned_data["terms"]
        return uuid.UUID(text) if text else None

    def clean_credit_control(self) -> str:
        return self.cleaned_data["credit_control"] or CreditControl.WARN.value

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()
