"""Paying commissions out: shape of the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commissions.selectors.snapshots import Payable
from core.forms import DayField, PageForm, TextField
from payments.models import PaymentAccount


class PayoutForm(PageForm):
    """Who is paid, up to which day, when and from where."""

    salesperson = forms.TypedChoiceField(label=_("Salesperson"), coerce=int)
    until = DayField(label=_("Commissions until"))
    payment_account = forms.ChoiceField(label=_("From"))
    date = DayField(label=_("Date"))
    reference = TextField(
        label=_("Reference"), max_length=120, required=False, attrs={"dir": "ltr"}
    )

    layout = (
        (
            "",
            (
                ("salesperson", "w-6"),
                ("until", "w-6"),
                ("payment_account", "w-6"),
                ("date", "w-3"),
                ("reference", "w-3"),
            ),
        ),
    )

    def __init__(self, *args: Any, payable: Sequence[Payable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arabic = (get_language() or "").startswith("ar")
        self.fields["salesperson"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (one.salesperson_id, one.name) for one in payable
        ]
        self.fields["payment_account"].choices = [  # type: ignore[attr-defined]  # as above
            (str(one.pk), (one.name_arabic if arabic else "") or one.name)
            for one in PaymentAccount.objects.filter(is_active=True)
        ]
