"""Customers: shape of the input."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ar.models.customers import CreditControl
from core.forms import NumberField, VatNumberField
from documents.forms.parties import PARTY_SECTIONS, PartyForm
from documents.models import PaymentTerms


class CustomerForm(PartyForm):
    """A customer. The choices of terms are the company's active ones."""

    vat_number = VatNumberField(
        label=_("VAT number"), help_text=_("15 digits, the first and the last are 3.")
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

    layout = (
        *PARTY_SECTIONS,
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
