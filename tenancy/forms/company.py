"""Settings of the company: shape of the input."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, PageForm, TextField, VatNumberField, WholeNumberField
from tenancy.models import Company

_ARABIC = {"dir": "rtl", "lang": "ar"}
_CODE = {"dir": "ltr"}


class CompanySettingsForm(PageForm):
    """What stands on documents, and the rules of the company (SP-8)."""

    name = TextField(label=_("Name"), max_length=200)
    name_arabic = TextField(
        label=_("Name in Arabic"), max_length=200, required=False, attrs=_ARABIC
    )
    vat_number = VatNumberField(
        label=_("VAT number"), help_text=_("15 digits, the first and the last are 3.")
    )
    cr_number = TextField(
        label=_("Commercial registration"), max_length=20, required=False, attrs=_CODE
    )
    street = TextField(label=_("Street"), max_length=200, required=False)
    street_arabic = TextField(
        label=_("Street in Arabic"), max_length=200, required=False, attrs=_ARABIC
    )
    building_number = TextField(
        label=_("Building number"), max_length=10, required=False, attrs=_CODE
    )
    postal_code = TextField(label=_("Postal code"), max_length=10, required=False, attrs=_CODE)
    district = TextField(label=_("District"), max_length=120, required=False)
    district_arabic = TextField(
        label=_("District in Arabic"), max_length=120, required=False, attrs=_ARABIC
    )
    city = TextField(label=_("City"), max_length=120, required=False)
    city_arabic = TextField(
        label=_("City in Arabic"), max_length=120, required=False, attrs=_ARABIC
    )
    phone = TextField(label=_("Phone"), max_length=30, required=False, attrs=_CODE)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs=_CODE)
    )
    payment_terms_days = WholeNumberField(label=_("Payment terms in days"), maximum=3650)
    prices_include_tax = forms.BooleanField(label=_("Prices include VAT"), required=False)
    commission_base = forms.ChoiceField(
        label=_("Commission base"), choices=Company.CommissionBase.choices
    )
    commission_tax_percent = NumberField(
        label=_("Tax kept from commissions"),
        places=4,
        max_digits=7,
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
    rate_max_age_days = WholeNumberField(
        label=_("Longest age of an exchange rate, in days"),
        maximum=366,
        help_text=_("An older rate counts as missing."),
    )
    number_backdating_days = WholeNumberField(
        label=_("Days a document may be dated before its predecessor in number"),
        maximum=3660,
        required=False,
        help_text=_("Checked by verify; empty: not looked at."),
    )
    inventory_method = forms.ChoiceField(
        label=_("How goods are kept in the books"),
        choices=Company.InventoryMethod.choices,
        help_text=_("By hand: journals may use the accounts of goods and card settlements."),
    )
    vat_period = forms.ChoiceField(label=_("VAT period"), choices=Company.VatPeriod.choices)
    vat_reverse_charge_in_box_1 = forms.BooleanField(
        label=_("Show reverse charge in box 1 as well"),
        required=False,
        help_text=_("Readings of the form differ; the net is the same."),
    )

    small_difference_limit = NumberField(
        label=_("Largest difference written off on a document"),
        places=2,
        minimum=Decimal(0),
        help_text=_("In base currency; closes what is left of an invoice."),
    )
    small_difference_day_limit = NumberField(
        label=_("Largest sum of differences written off in a day"), places=2, minimum=Decimal(0)
    )
    supplier_advances = forms.BooleanField(
        label=_("Money paid ahead to suppliers stands on the advances account"), required=False
    )
    settle_by_issue_date = forms.BooleanField(
        label=_("Settle by date of the document, not by due date"), required=False
    )

    layout = (
        (
            _("On documents"),
            (
                ("name", "w-6"),
                ("name_arabic", "w-6"),
                ("vat_number", "w-6"),
                ("cr_number", "w-6"),
            ),
        ),
        (
            _("Address"),
            (
                ("street", "w-6"),
                ("street_arabic", "w-6"),
                ("district", "w-6"),
                ("district_arabic", "w-6"),
                ("city", "w-6"),
                ("city_arabic", "w-6"),
                ("building_number", "w-3"),
                ("postal_code", "w-3"),
                ("phone", "w-3"),
                ("email", "w-3"),
            ),
        ),
        (_("Sales"), (("payment_terms_days", "w-6"), ("prices_include_tax", "w-6"))),
        (_("Commissions"), (("commission_base", "w-6"), ("commission_tax_percent", "w-6"))),
        (
            _("Payments"),
            (
                ("small_difference_limit", "w-6"),
                ("small_difference_day_limit", "w-6"),
                ("supplier_advances", "w-6"),
                ("settle_by_issue_date", "w-6"),
            ),
        ),
        (
            _("Books and VAT"),
            (
                ("vat_period", "w-6"),
                ("rate_max_age_days", "w-6"),
                ("vat_reverse_charge_in_box_1", "w-6"),
                ("number_backdating_days", "w-6"),
                ("inventory_method", "w-6"),
            ),
        ),
    )
    affixes = {"commission_tax_percent": "%"}
