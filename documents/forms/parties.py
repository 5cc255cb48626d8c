"""Parties of documents: the shape of the input that customers and suppliers share."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PageForm, TextField, WholeNumberField

ARABIC = {"dir": "rtl", "lang": "ar"}
CODE = {"dir": "ltr"}


class PartyForm(PageForm):
    """Names, address and contact of a party. A kind adds its own fields and ends the layout with them."""

    name = TextField(label=_("Name"), max_length=200)
    name_arabic = TextField(label=_("Name in Arabic"), max_length=200, required=False, attrs=ARABIC)
    code = TextField(
        label=_("Code"),
        max_length=40,
        required=False,
        attrs=CODE,
        help_text=_("Empty: the next free one."),
    )
    cr_number = TextField(
        label=_("Commercial registration"), max_length=20, required=False, attrs=CODE
    )
    street = TextField(label=_("Street"), max_length=200, required=False)
    building_number = TextField(
        label=_("Building number"), max_length=10, required=False, attrs=CODE
    )
    district = TextField(label=_("District"), max_length=120, required=False)
    city = TextField(label=_("City"), max_length=120, required=False)
    city_arabic = TextField(label=_("City in Arabic"), max_length=120, required=False, attrs=ARABIC)
    postal_code = TextField(label=_("Postal code"), max_length=10, required=False, attrs=CODE)
    country = TextField(
        label=_("Country"), max_length=2, attrs=CODE, help_text=_("Two letters, for example SA.")
    )
    phone = TextField(label=_("Phone"), max_length=30, required=False, attrs=CODE)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs=CODE)
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
    notes = TextField(label=_("Notes"), max_length=2000, multiline=True, required=False)
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        help_text=_("Inactive ones stay in history and leave the pickers."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


#: The first sections of the layout.
PARTY_SECTIONS = (
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
)
