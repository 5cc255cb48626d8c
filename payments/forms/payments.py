"""Taking and reversing payments: shape of the input."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import DayField, NumberField, PageForm, TextField
from core.inputs import parse_decimal, parse_uuid
from payments.models import PaymentAccount
from payments.strategies import Strategy

ALLOCATION = "allocation-"
STRATEGY_CHOICES = (
    (Strategy.FIFO.value, _("Oldest due first")),
    (Strategy.LIFO.value, _("Newest due first")),
    (Strategy.MANUAL.value, _("As typed")),
)


class PaymentForm(PageForm):
    """A receipt of one customer. Amounts beside the documents are read by `typed_allocations`."""

    customer = forms.UUIDField(widget=forms.HiddenInput)
    currency = forms.CharField(widget=forms.HiddenInput, max_length=3)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    amount = NumberField(label=_("Amount"), above=Decimal(0))
    payment_account = forms.ChoiceField(label=_("Into"))
    date = DayField(label=_("Date"))
    reference = TextField(
        label=_("Reference"), max_length=120, required=False, attrs={"dir": "ltr"}
    )
    notes = TextField(label=_("Notes"), max_length=2000, multiline=True, required=False)

    layout = (
        (
            "",
            (
                ("amount", "w-3"),
                ("payment_account", "w-3"),
                ("date", "w-3"),
                ("reference", "w-3"),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arabic = (get_language() or "").startswith("ar")
        self.fields["payment_account"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(one.pk), ((one.name_arabic if arabic else "") or one.name))
            for one in PaymentAccount.objects.filter(is_active=True)
        ]
        self.fields["amount"].widget.attrs["autofocus"] = True


def typed_allocations(
    data: Mapping[str, Any],
) -> tuple[dict[uuid.UUID, Decimal], list[DomainError]]:
    """Return the amounts typed beside the documents, and what could not be read (field `allocation-<id>`)."""
    chosen: dict[uuid.UUID, Decimal] = {}
    errors: list[DomainError] = []
    for name, text in data.items():
        if not name.startswith(ALLOCATION) or not str(text).strip():
            continue
        try:
            key = parse_uuid(name.removeprefix(ALLOCATION), field=name)
            amount = parse_decimal(text, field=name, minimum=Decimal(0))
        except DomainError as error:
            errors.append(error)
            continue
        if amount:
            chosen[key] = amount
    return chosen, errors


class ReverseForm(PageForm):
    date = DayField(label=_("Date of the reversal"))

    layout = (("", (("date", ""),)),)
