"""Taking, making and reversing payments; payment accounts: shape of the input."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import DayField, NumberField, PageForm, TextField
from core.inputs import parse_decimal, parse_uuid
from payments.models import PaymentAccount
from payments.services.accounts import money_accounts
from payments.services.reversing import REASON_LENGTH
from payments.strategies import Strategy

ALLOCATION = "allocation-"
USED = "used-"
DISCOUNT = "discount-"
WRITE_OFF = "write_off-"
STRATEGY_CHOICES = (
    (Strategy.FIFO.value, _("Oldest due first")),
    (Strategy.LIFO.value, _("Newest due first")),
    (Strategy.MANUAL.value, _("As typed")),
    (Strategy.NONE.value, _("On account")),
)


def _named(one: Any) -> str:
    arabic = (get_language() or "").startswith("ar")
    return str((one.name_arabic if arabic else "") or one.name)


class PaymentForm(PageForm):
    """Money of one party. Amounts beside the documents are read by `typed_parts`."""

    customer = forms.UUIDField(widget=forms.HiddenInput, required=False)
    supplier = forms.UUIDField(widget=forms.HiddenInput, required=False)
    direction = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=(("in", "in"), ("out", "out")),
        initial="in",
        required=False,
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    amount = NumberField(label=_("Amount"), above=Decimal(0))
    currency = forms.ChoiceField(label=_("Currency"))
    payment_account = forms.ChoiceField(label=_("Into"))
    date = DayField(label=_("Date"))
    exchange_rate = NumberField(
        label=_("Exchange rate"),
        places=8,
        above=Decimal(0),
        required=False,
        help_text=_("Empty: the rate of the day."),
    )
    withholding_tax = NumberField(
        label=_("Withholding tax"),
        minimum=Decimal(0),
        required=False,
        help_text=_("Kept back for the authority; settles with the amount."),
    )
    reference = TextField(
        label=_("Reference"), max_length=120, required=False, attrs={"dir": "ltr"}
    )
    notes = TextField(label=_("Notes"), max_length=2000, multiline=True, required=False)

    layout = (
        (
            "",
            (
                ("amount", "w-3"),
                ("currency", "w-3"),
                ("payment_account", "w-3"),
                ("date", "w-3"),
                ("exchange_rate", "w-3"),
                ("withholding_tax", "w-3"),
                ("reference", "w-6"),
            ),
        ),
    )

    def __init__(
        self,
        *args: Any,
        currencies: tuple[str, ...] = (),
        base_currency: str = "SAR",
        direction: str = "in",
        party: str = "customer",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment_account"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(one.pk), _named(one)) for one in PaymentAccount.objects.filter(is_active=True)
        ]
        self.fields["payment_account"].label = _("Into") if direction == "in" else _("From")
        self.fields["amount"].widget.attrs["autofocus"] = True
        if set(currencies) <= {base_currency}:
            self.fields["currency"] = forms.CharField(
                widget=forms.HiddenInput, max_length=3, required=False
            )
            del self.fields["exchange_rate"]
            # a hidden field has no place in the layout
            self.layout = (  # type: ignore[misc, assignment]  # this form's own
                ("", tuple(cell for cell in self.layout[0][1] if cell[0] != "currency")),
            )
        else:
            self.fields["currency"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (code, code) for code in sorted({*currencies, base_currency})
            ]
        if direction != "out" or party != "supplier":
            del self.fields["withholding_tax"]


@dataclass(frozen=True, slots=True)
class TypedRow:
    """What was typed beside one document: the money it gets, of another currency how much, and what is given up."""

    money: Decimal = Decimal(0)
    used: Decimal | None = None
    discount: Decimal = Decimal(0)
    write_off: bool = False


def typed_rows(
    data: Mapping[str, Any],
) -> tuple[dict[uuid.UUID, TypedRow], dict[str, DomainError]]:
    """Return what was typed beside the documents, in their order, and what could not be read, by field name."""
    values: dict[uuid.UUID, dict[str, Any]] = {}
    errors: dict[str, DomainError] = {}
    for name, text in data.items():
        prefix = next(
            (one for one in (ALLOCATION, USED, DISCOUNT, WRITE_OFF) if name.startswith(one)), ""
        )
        if not prefix or not str(text).strip():
            continue
        try:
            key = parse_uuid(name.removeprefix(prefix), field=name)
            row = values.setdefault(key, {})
            if prefix == WRITE_OFF:
                row["write_off"] = True
                continue
            amount = parse_decimal(text, field=name, minimum=Decimal(0))
            row[{ALLOCATION: "money", USED: "used", DISCOUNT: "discount"}[prefix]] = amount
        except DomainError as error:
            errors[name] = error
    return {
        key: TypedRow(**row)
        for key, row in values.items()
        if row.get("money") or row.get("discount")
    }, errors


class ReverseForm(PageForm):
    """Day and reason of a reversal."""

    date = DayField(label=_("Date of the reversal"))
    reason = TextField(label=_("Reason"), max_length=REASON_LENGTH)

    layout = (("", (("date", ""), ("reason", ""))),)

    @property
    def messages(self) -> list[str]:
        """Return everything that is wrong: the dialog is closed when the page comes back."""
        return [str(one) for errors in self.errors.values() for one in errors]


class PaymentAccountForm(PageForm):
    """A till, a bank account, card clearing."""

    code = TextField(label=_("Code"), max_length=20, attrs={"dir": "ltr"})
    kind = forms.ChoiceField(label=_("Kind"), choices=PaymentAccount.Kind.choices)
    name = TextField(label=_("Name"), max_length=120)
    name_arabic = TextField(label=_("Name in Arabic"), max_length=120, required=False)
    account = forms.ChoiceField(label=_("Ledger account"))
    currency = TextField(label=_("Currency"), max_length=3, attrs={"dir": "ltr"})
    bank_name = TextField(label=_("Bank"), max_length=120, required=False)
    iban = TextField(label=_("IBAN"), max_length=34, required=False, attrs={"dir": "ltr"})
    account_number = TextField(
        label=_("Account number"), max_length=40, required=False, attrs={"dir": "ltr"}
    )
    is_active = forms.BooleanField(label=_("Takes payments"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    layout = (
        (
            "",
            (
                ("code", "w-3"),
                ("kind", "w-3"),
                ("name", "w-6"),
                ("name_arabic", "w-6"),
                ("account", "w-6"),
                ("currency", "w-3"),
                ("is_active", "w-3"),
            ),
        ),
        (_("At the bank"), (("bank_name", "w-4"), ("iban", "w-4"), ("account_number", "w-4"))),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "—"),
            *((str(one.pk), f"{one.code} {_named(one)}") for one in money_accounts()),
        ]

    def values(self) -> dict[str, Any]:
        """Return the fields as the services take them."""
        data = dict(self.cleaned_data)
        data.pop("version", None)
        data["account_id"] = uuid.UUID(data.pop("account"))
        data["currency"] = data["currency"].upper()
        data["iban"] = data["iban"].replace(" ", "").upper()
        return data
