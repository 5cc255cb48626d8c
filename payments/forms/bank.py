"""Uploading statements, rules, bank details, and matching by hand: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, PageForm, TextField, WholeNumberField
from ledger.models import Account, TaxCode
from payments.bank.reading import ENCODINGS
from payments.bank.table import DATE_FORMATS, DECIMAL_MARKS, DELIMITERS, FIELDS, CsvRules
from payments.models import MatchRule, PaymentAccount


def _name(one: Any) -> str:
    arabic = (get_language() or "").startswith("ar")
    return str((one.name_arabic if arabic else "") or one.name)


def payment_account_choices(*kinds: str) -> list[tuple[str, str]]:
    """Return the active payment accounts, of these kinds if any are named."""
    rows = PaymentAccount.objects.filter(is_active=True).order_by("code")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return [(str(one.pk), f"{one.code} · {_name(one)} ({one.currency})") for one in rows]


def account_choices() -> list[tuple[str, str]]:
    """Return the accounts that take bank lines: no headings, no control accounts."""
    rows = Account.objects.filter(is_active=True, is_posting=True, subledger="").order_by("code")
    return [(str(one.pk), f"{one.code} {_name(one)}") for one in rows]


def tax_code_choices() -> list[tuple[str, Any]]:
    """Return the VAT codes, none first."""
    rows = TaxCode.objects.filter(is_active=True).order_by("direction", "code")
    return [("", _("No VAT")), *((one.code, f"{one.code} · {_name(one)}") for one in rows)]


class UploadForm(PageForm):
    """A bank's file. How a CSV is read is asked once more when its columns are known."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".sta,.mt940,.940,.txt,.xml,.ofx,.qfx,.csv"}),
        help_text=_("MT940, CAMT.053, OFX or CSV, as the bank gives it."),
    )
    payment_account = forms.ChoiceField(
        label=_("Payment account"),
        required=False,
        help_text=_("Only for CSV, and where the account has no IBAN or number here."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=tuple(ENCODINGS.items()),
        help_text=_("For MT940 and CSV with Arabic letters."),
    )

    layout = (("", (("file", "w-6"), ("payment_account", "w-6"), ("encoding", "w-4"))),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment_account"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("By the number in the file")),
            *payment_account_choices("bank", "card"),
        ]


class CsvForm(PageForm):
    """How a CSV statement is read: its columns come from the file's headings."""

    delimiter = forms.ChoiceField(label=_("Separator"))
    decimal_mark = forms.ChoiceField(label=_("Amounts"), choices=tuple(DECIMAL_MARKS.items()))
    date_format = forms.ChoiceField(label=_("Dates"), choices=tuple(DATE_FORMATS.items()))
    opening_balance = NumberField(
        label=_("Opening balance"),
        required=False,
        help_text=_("Only without a column of balances."),
    )
    closing_balance = NumberField(label=_("Closing balance"), required=False)

    layout = (
        ("", (("delimiter", "w-4"), ("decimal_mark", "w-4"), ("date_format", "w-4"))),
        (_("Columns"), tuple((f"column_{name}", "w-4") for name in FIELDS)),
        (_("Balances"), (("opening_balance", "w-4"), ("closing_balance", "w-4"))),
    )

    def __init__(self, *args: Any, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delimiter"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (mark, _(label)) for mark, label in DELIMITERS.items()
        ]
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=_(label),
                required=False,
                choices=[("", ""), *((heading, heading) for heading in headings if heading)],
            )

    def rules(self) -> CsvRules:
        """Return what was chosen; the form is valid."""
        data = self.cleaned_data
        return CsvRules(
            delimiter=data["delimiter"],
            decimal_mark=data["decimal_mark"],
            date_format=data["date_format"],
            columns={name: data[f"column_{name}"] for name in FIELDS if data.get(f"column_{name}")},
            opening=data["opening_balance"],
            closing=data["closing_balance"],
        )


class BankDetailsForm(PageForm):
    """What a bank prints of an account, by which its statements find it."""

    bank_name = TextField(label=_("Bank"), max_length=120, required=False)
    iban = TextField(label="IBAN", max_length=42, required=False, attrs={"dir": "ltr"})
    account_number = TextField(
        label=_("Account number"), max_length=40, required=False, attrs={"dir": "ltr"}
    )

    layout = (("", (("bank_name", "w-4"), ("iban", "w-4"), ("account_number", "w-4"))),)


class RuleForm(PageForm):
    """A rule: which lines, and what is posted for them."""

    name = TextField(label=_("Name"), max_length=120)
    position = WholeNumberField(
        label=_("Order"),
        maximum=100_000,
        help_text=_("Rules are tried from the lowest number; the first that fits is proposed."),
    )
    text = TextField(
        label=_("Text contains"),
        max_length=120,
        help_text=_("Upper and lower case and Arabic spelling make no difference."),
    )
    sign = forms.ChoiceField(label=_("Direction"), choices=MatchRule.Sign.choices)
    payment_account = forms.ChoiceField(label=_("Payment account"), required=False)
    amount_from = NumberField(label=_("Amount from"), minimum=Decimal(0), required=False)
    amount_to = NumberField(label=_("Amount to"), minimum=Decimal(0), required=False)
    account = forms.ChoiceField(label=_("Post to"))
    tax_code = forms.ChoiceField(
        label=_("VAT"), required=False, help_text=_("The amount on the statement includes it.")
    )
    description = TextField(label=_("Description"), max_length=200, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    layout = (
        ("", (("name", "w-6"), ("position", "w-3"), ("is_active", "w-3"))),
        (
            _("Which lines"),
            (
                ("text", "w-6"),
                ("sign", "w-3"),
                ("payment_account", "w-3"),
                ("amount_from", "w-3"),
                ("amount_to", "w-3"),
            ),
        ),
        (
            _("What is posted"),
            (("account", "w-6"), ("tax_code", "w-6"), ("description", "w-12")),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "account": [("", ""), *account_choices()],
            "tax_code": tax_code_choices(),
            "payment_account": [("", _("Every account")), *payment_account_choices()],
        }
        for field, values in choices.items():
            self.fields[field].choices = values  # type: ignore[attr-defined]  # a ChoiceField


class PostForm(PageForm):
    """Posting one line to an account; with a text it becomes a rule."""

    account = forms.ChoiceField(label=_("Account"))
    tax_code = forms.ChoiceField(label=_("VAT"), required=False)
    description = TextField(label=_("Description"), max_length=200, required=False)
    rule_text = TextField(
        label=_("Do the same when the text contains"),
        max_length=120,
        required=False,
        help_text=_("Leave empty to post this line only."),
    )

    layout = (
        (
            "",
            (
                ("account", "w-12"),
                ("tax_code", "w-6"),
                ("description", "w-6"),
                ("rule_text", "w-12"),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", ""), *account_choices()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["tax_code"].choices = tax_code_choices()  # type: ignore[attr-defined]  # a ChoiceField
