"""Steps of a VAT return: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, NumberField, PageForm, TextField
from payments.models import PaymentAccount


class PrepareForm(PageForm):
    """A day of the period, and box 14 with its reason."""

    date = DayField(label=_("A day of the period"))
    correction = NumberField(
        label=_("Corrections of previous periods (box 14)"),
        places=2,
        minimum=Decimal(-(10**12)),
        required=False,
        help_text=_("More VAT due is positive, less is negative."),
    )
    correction_reason = TextField(
        label=_("Reason of the corrections"), max_length=300, required=False
    )

    layout = (("", (("date", "w-6"), ("correction", "w-6"), ("correction_reason", "w-12"))),)


class PayForm(PageForm):
    """From or into which payment account, and when."""

    payment_account = forms.ChoiceField(label=_("Payment account"))
    date = DayField(label=_("Date"))

    layout = (("", (("payment_account", "w-6"), ("date", "w-6"))),)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = PaymentAccount.objects.filter(is_active=True, currency=currency).order_by("code")
        self.fields["payment_account"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(account.pk), str(account)) for account in accounts
        ]
