"""Suppliers: shape of the input."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, PageForm, TextField, WholeNumberField

_ARABIC = {"dir": "rtl", "lang": "ar"}
_CODE = {"dir": "ltr"}


class SupplierForm(PageForm):
    """A supplier. The choices of account and VAT code are the company's: the page hands them in."""

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
    vat_number = TextField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        attrs=_CODE,
        help_text=_("Of a supplier in the Kingdom: 15 digits, the first and the last are 3."),
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
    currency = TextField(
        label=_("Currency"),
        max_length=3,
        required=False,
        attrs=_CODE,
        help_text=_("Empty: the company's own."),
    )
    account = forms.ChoiceField(
        label=_("Usual account"),
        required=False,
        help_text=_("New lines of this supplier's bills begin with it."),
    )
    tax_code = forms.ChoiceField(label=_("Usual VAT code"), required=False)
    withholding_percent = NumberField(
        label=_("Withholding tax"),
        minimum=Decimal(0),
        required=False,
        help_text=_("Of payments to non-residents."),
    )
    bank_name = TextField(label=_("Bank"), max_length=120, required=False)
    iban = TextField(label=_("IBAN"), max_length=42, required=False, attrs=_CODE)
    bank_account = TextField(label=_("Account number"), max_length=40, required=False, attrs=_CODE)
    swift = TextField(label=_("SWIFT code"), max_length=11, required=False, attrs=_CODE)
    notes = TextField(label=_("Notes"), max_length=2000, multiline=True, required=False)
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        help_text=_("Inactive ones stay in history and leave the pickers."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    affixes = {"withholding_percent": "%"}  # read only
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
            _("Terms and accounts"),
            (
                ("payment_terms_days", "w-4"),
                ("currency", "w-4"),
                ("withholding_percent", "w-4"),
                ("account", "w-6"),
                ("tax_code", "w-6"),
            ),
        ),
        (
            _("Bank details"),
            (
                ("bank_name", "w-6"),
                ("iban", "w-6"),
                ("bank_account", "w-6"),
                ("swift", "w-6"),
            ),
        ),
        ("", (("notes", ""), ("is_active", ""))),
    )

    def __init__(
        self,
        *args: Any,
        accounts: Sequence[tuple[str, str]],
        tax_codes: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        account, tax_code = self.fields["account"], self.fields["tax_code"]
        assert isinstance(account, forms.ChoiceField)
        assert isinstance(tax_code, forms.ChoiceField)
        account.choices = [("", "–"), *accounts]
        tax_code.choices = [("", "–"), *tax_codes]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_iban(self) -> str:
        return str(self.cleaned_data["iban"]).replace(" ", "").upper()
