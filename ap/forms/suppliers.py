"""Suppliers: shape of the input."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, TextField
from documents.forms.parties import CODE, PARTY_SECTIONS, PartyForm


class SupplierForm(PartyForm):
    """A supplier. The choices of account and VAT code are the company's: the page hands them in."""

    vat_number = TextField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        attrs=CODE,
        help_text=_("Of a supplier in the Kingdom: 15 digits, the first and the last are 3."),
    )
    currency = TextField(
        label=_("Currency"),
        max_length=3,
        required=False,
        attrs=CODE,
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
    iban = TextField(label=_("IBAN"), max_length=42, required=False, attrs=CODE)
    bank_account = TextField(label=_("Account number"), max_length=40, required=False, attrs=CODE)
    swift = TextField(label=_("SWIFT code"), max_length=11, required=False, attrs=CODE)

    affixes = {"withholding_percent": "%"}  # read only
    layout = (
        *PARTY_SECTIONS,
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

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_iban(self) -> str:
        return str(self.cleaned_data["iban"]).replace(" ", "").upper()
