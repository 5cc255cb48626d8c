"""Debit notes, prepayments, write-offs, reminders, recurring invoices, terms: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ar.models import RecurringInvoice
from core.forms import DayField, NumberField, PageForm, TextField, WholeNumberField
from documents.models import PaymentTerms

_ARABIC = {"dir": "rtl", "lang": "ar"}
_Layout = tuple[tuple[Any, tuple[tuple[str, str], ...]], ...]
_RATES = (("15", "15%"), ("5", "5%"), ("0", "0%"))


def _amount(label: Any, **fields: Any) -> NumberField:
    return NumberField(label=label, places=4, above=Decimal(0), **fields)


class OneLineForm(PageForm):
    """The first line of a draft that the editor completes."""

    description = TextField(label=_("Description"), max_length=500)
    amount = _amount(_("Net amount"))
    vat_rate = forms.ChoiceField(label=_("VAT"), choices=_RATES)


class DebitNoteForm(OneLineForm):
    """A debt raised on an invoice."""

    reason = TextField(
        label=_("Reason"), max_length=300, help_text=_("As printed on the debit note.")
    )

    layout = (("", (("reason", ""), ("description", ""), ("amount", "w-6"), ("vat_rate", "w-6"))),)


class PrepaymentForm(OneLineForm):
    """An invoice for money before the supply."""

    customer = forms.ChoiceField(label=_("Customer"))

    layout = (
        ("", (("customer", ""), ("description", ""), ("amount", "w-6"), ("vat_rate", "w-6"))),
    )

    def __init__(self, *args: Any, customers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].choices = customers  # type: ignore[attr-defined]  # a ChoiceField


class WriteOffForm(PageForm):
    """A bad debt. VAT comes back only where the person says why."""

    reason = TextField(label=_("Reason"), max_length=300)
    amount = _amount(_("Amount"))
    date = DayField(label=_("Date"))
    against_allowance = forms.BooleanField(
        label=_("Take it from the allowance for expected credit losses"),
        required=False,
        help_text=_("Otherwise it is an expense of this period."),
    )
    vat_reason = TextField(
        label=_("Claim the VAT back because"),
        max_length=300,
        required=False,
        help_text=_(
            "Leave it empty unless the conditions of the law for bad debt relief are met; ask your adviser."
        ),
    )

    layout = (
        (
            "",
            (
                ("reason", ""),
                ("amount", "w-6"),
                ("date", "w-6"),
                ("against_allowance", ""),
                ("vat_reason", ""),
            ),
        ),
    )


class UsePrepaymentForm(PageForm):
    """A paid prepayment for a final invoice."""

    prepayment = forms.ChoiceField(label=_("Prepayment invoice"))
    amount = _amount(_("Amount"), required=False, help_text=_("With VAT. Empty: as much as fits."))

    layout = (("", (("prepayment", ""), ("amount", "w-6"))),)

    def __init__(self, *args: Any, prepayments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepayment"].choices = prepayments  # type: ignore[attr-defined]  # a ChoiceField


class RecurringForm(PageForm):
    """How an invoice repeats."""

    name = TextField(label=_("Name"), max_length=120)
    frequency = forms.ChoiceField(
        label=_("How often"), choices=RecurringInvoice.Frequency.choices, initial="monthly"
    )
    start_date = DayField(label=_("First date"))
    end_date = DayField(label=_("Last date"), required=False, help_text=_("Empty: no end."))
    post = forms.BooleanField(
        label=_("Post each invoice at once"),
        required=False,
        help_text=_("Otherwise a draft waits."),
    )

    layout: ClassVar[_Layout] = (
        (
            "",
            (
                ("name", ""),
                ("frequency", "w-4"),
                ("start_date", "w-4"),
                ("end_date", "w-4"),
                ("post", ""),
            ),
        ),
    )


class RecurringEditForm(RecurringForm):
    """The same, and whether it runs."""

    is_active = forms.BooleanField(label=_("Running"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # beside the dates that ran: one field a row
    layout: ClassVar[_Layout] = (
        (
            "",
            (
                ("name", ""),
                ("frequency", ""),
                ("start_date", ""),
                ("end_date", ""),
                ("post", ""),
                ("is_active", ""),
            ),
        ),
    )


class ReminderLevelForm(PageForm):
    """Words and waiting times of one level."""

    days_overdue = WholeNumberField(label=_("Days after the due date"), maximum=365)
    days_since_last = WholeNumberField(label=_("Days after the last reminder"), maximum=365)
    subject = TextField(label=_("Subject"), max_length=200)
    body = TextField(
        label=_("Text"),
        max_length=4000,
        multiline=True,
        help_text=_("Filled in: {customer} {company} {amount} {currency} {count} {date}"),
    )
    subject_arabic = TextField(label=_("Subject in Arabic"), max_length=200, attrs=_ARABIC)
    body_arabic = TextField(
        label=_("Text in Arabic"), max_length=4000, multiline=True, attrs=_ARABIC
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    layout = (
        (
            "",
            (
                ("days_overdue", "w-6"),
                ("days_since_last", "w-6"),
                ("subject", ""),
                ("body", ""),
                ("subject_arabic", ""),
                ("body_arabic", ""),
                ("is_active", ""),
            ),
        ),
    )


class TermsForm(PageForm):
    """Payment terms."""

    code = TextField(label=_("Code"), max_length=20, attrs={"dir": "ltr"})
    name = TextField(label=_("Name"), max_length=120)
    name_arabic = TextField(
        label=_("Name in Arabic"), max_length=120, required=False, attrs=_ARABIC
    )
    rule = forms.ChoiceField(label=_("Due"), choices=PaymentTerms.Rule.choices, initial="net")
    days = WholeNumberField(label=_("Days"), maximum=365)
    discount_percent = NumberField(
        label=_("Discount for paying early, percent"),
        minimum=Decimal(0),
        maximum=Decimal("99.9999"),
        required=False,
    )
    discount_days = WholeNumberField(label=_("within days"), maximum=365, required=False)
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    layout = (
        (
            "",
            (
                ("code", "w-4"),
                ("name", "w-4"),
                ("name_arabic", "w-4"),
                ("rule", "w-6"),
                ("days", "w-6"),
                ("discount_percent", "w-6"),
                ("discount_days", "w-6"),
                ("is_active", ""),
            ),
        ),
    )

    def clean_discount_percent(self) -> Decimal:
        return self.cleaned_data["discount_percent"] or Decimal(0)

    def clean_discount_days(self) -> int:
        return int(self.cleaned_data["discount_days"] or 0)
