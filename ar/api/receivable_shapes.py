"""Write-offs, prepayments, reminders, recurring invoices and terms as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount as figure
from api.shapes import day, moment, money, plain
from ar.models import (
    PrepaymentUse,
    RecurringInvoice,
    RecurringRun,
    Reminder,
    WriteOff,
)
from ar.reminding import LevelText
from ar.selectors.reminders import DueReminder
from documents.models import PaymentTerms


class InvoiceCreditLineInput(drf.Serializer[Any]):
    """A line taken back: a quantity that comes back, or an amount off its price."""

    line = drf.UUIDField(help_text="Id of the invoice's line.")
    quantity = figure(required=False)
    amount = figure(required=False)


class CreditInput(drf.Serializer[Any]):
    """What is credited of an invoice."""

    reason = drf.CharField(max_length=300)
    lines = InvoiceCreditLineInput(many=True, required=False)
    whole = drf.BooleanField(required=False, help_text="Everything that is left; no lines then.")
    date = drf.DateField(required=False)
    notes = drf.CharField(required=False, max_length=2000)
    settle = drf.BooleanField(
        required=False, help_text="false keeps all of it on account; default true."
    )
    dry_run = drf.BooleanField(required=False, help_text="true: amounts only, nothing is posted.")


class DebitNoteInput(drf.Serializer[Any]):
    """What is added to an invoice."""

    reason = drf.CharField(max_length=300)
    issue_date = drf.DateField(required=False)
    lines = drf.ListField(child=drf.DictField(), help_text="As the lines of an invoice.")
    post = drf.BooleanField(required=False, help_text="true posts it at once.")


class PrepaymentInput(drf.Serializer[Any]):
    """A prepayment invoice; its lines have one VAT code."""

    customer = drf.UUIDField()
    issue_date = drf.DateField(required=False)
    currency = drf.CharField(required=False, max_length=3)
    reference = drf.CharField(required=False, max_length=120)
    lines = drf.ListField(child=drf.DictField(), help_text="As the lines of an invoice.")
    post = drf.BooleanField(required=False, help_text="true posts it at once.")


class WriteOffInput(drf.Serializer[Any]):
    """A bad debt."""

    reason = drf.CharField(max_length=300)
    amount = figure(required=False)
    date = drf.DateField(required=False)
    against_allowance = drf.BooleanField(required=False)
    vat_reason = drf.CharField(
        required=False, max_length=300, help_text="Why the VAT comes back; empty: it does not."
    )


class ReliefUndoInput(drf.Serializer[Any]):
    """When it is undone."""

    date = drf.DateField(required=False)


class PrepaymentUseInput(drf.Serializer[Any]):
    """Which prepayment is used, how much of it."""

    prepayment = drf.UUIDField()
    amount = figure(required=False)
    date = drf.DateField(required=False)


class HoldInput(drf.Serializer[Any]):
    """Whether the invoice is held back from settlement and reminders."""

    hold = drf.ChoiceField(("", "disputed", "on_hold"))


class WriteOffShape(drf.Serializer[Any]):
    """A write-off."""

    id = drf.UUIDField()
    number = drf.CharField()
    invoice = drf.UUIDField()
    date = drf.DateField()
    currency = drf.CharField()
    amount = figure()
    tax_amount = figure()
    base_amount = figure()
    against_allowance = drf.BooleanField()
    vat_relief = drf.BooleanField()
    vat_reason = drf.CharField()
    reason = drf.CharField()
    status = drf.ChoiceField(WriteOff.Status.values)
    undone_on = drf.DateField(allow_null=True)


class PrepaymentUseShape(drf.Serializer[Any]):
    """A prepayment used on an invoice."""

    id = drf.UUIDField()
    prepayment = drf.UUIDField()
    invoice = drf.UUIDField()
    date = drf.DateField()
    currency = drf.CharField()
    amount = figure()
    tax_amount = figure()
    base_amount = figure()
    status = drf.ChoiceField(PrepaymentUse.Status.values)
    undone_on = drf.DateField(allow_null=True)


class DueReminderShape(drf.Serializer[Any]):
    """A reminder that is due."""

    customer = drf.UUIDField()
    customer_name = drf.CharField()
    email = drf.CharField()
    level = drf.IntegerField()
    invoices = drf.ListField(child=drf.UUIDField())
    overdue_count = drf.IntegerField()
    overdue_amount = figure()
    oldest_due = drf.DateField()


class ReminderSendInput(drf.Serializer[Any]):
    """Who is reminded."""

    customers = drf.ListField(child=drf.UUIDField())


class ReminderShape(drf.Serializer[Any]):
    """A reminder that went out, or is about to."""

    id = drf.UUIDField()
    customer = drf.UUIDField()
    level = drf.IntegerField()
    date = drf.DateField()
    language = drf.CharField()
    email = drf.CharField()
    subject = drf.CharField()
    body = drf.CharField()
    amount = figure()
    status = drf.ChoiceField(Reminder.Status.values)
    attempts = drf.IntegerField()
    error = drf.CharField()
    created_at = drf.DateTimeField()
    sent_at = drf.DateTimeField(allow_null=True)


class ReminderLevelShape(drf.Serializer[Any]):
    """Words and waiting times of a level."""

    level = drf.IntegerField(read_only=True)
    days_overdue = drf.IntegerField(min_value=0, max_value=365)
    days_since_last = drf.IntegerField(min_value=0, max_value=365)
    subject = drf.CharField(max_length=200)
    subject_arabic = drf.CharField(max_length=200)
    body = drf.CharField(max_length=4000)
    body_arabic = drf.CharField(max_length=4000)
    is_active = drf.BooleanField(required=False)


class RecurringInput(drf.Serializer[Any]):
    """A schedule."""

    name = drf.CharField(max_length=120)
    frequency = drf.ChoiceField(RecurringInvoice.Frequency.values)
    start_date = drf.DateField()
    end_date = drf.DateField(required=False, allow_null=True)
    post = drf.BooleanField(required=False)


class RecurringCreate(RecurringInput):
    """Which invoice repeats, and when."""

    invoice = drf.UUIDField()


class RecurringChange(drf.Serializer[Any]):
    """What changes of a recurring invoice."""

    name = drf.CharField(required=False, max_length=120)
    frequency = drf.ChoiceField(RecurringInvoice.Frequency.values, required=False)
    start_date = drf.DateField(required=False)
    end_date = drf.DateField(required=False, allow_null=True)
    post = drf.BooleanField(required=False)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class RecurringShape(RecurringInput):
    """A recurring invoice."""

    id = drf.UUIDField()
    customer = drf.UUIDField()
    invoice = drf.UUIDField(allow_null=True)
    next_date = drf.DateField(allow_null=True)
    is_active = drf.BooleanField()
    version = drf.IntegerField()


class RecurringRunShape(drf.Serializer[Any]):
    """What came of one date."""

    date = drf.DateField()
    invoice = drf.UUIDField(allow_null=True)
    error = drf.CharField()


class TermsInput(drf.Serializer[Any]):
    """Payment terms as typed."""

    code = drf.CharField(max_length=20)
    name = drf.CharField(max_length=120)
    name_arabic = drf.CharField(required=False, max_length=120)
    rule = drf.ChoiceField(PaymentTerms.Rule.values)
    days = drf.IntegerField(required=False, min_value=0, max_value=365)
    discount_percent = figure(required=False)
    discount_days = drf.IntegerField(required=False, min_value=0, max_value=365)
    is_active = drf.BooleanField(required=False)


class TermsShape(TermsInput):
    """Stored payment terms."""

    id = drf.UUIDField()


def write_off_shape(row: WriteOff, base_currency: str) -> dict[str, Any]:
    """Return a write-off."""
    return {
        "id": str(row.pk),
        "number": row.number,
        "invoice": str(row.invoice_id),
        "date": day(row.date),
        "currency": row.currency,
        "amount": money(row.amount, row.currency),
        "tax_amount": money(row.tax_amount, row.currency),
        "base_amount": money(row.base_amount, base_currency),
        "against_allowance": row.against_allowance,
        "vat_relief": row.vat_relief,
        "vat_reason": row.vat_reason,
        "reason": row.reason,
        "status": row.status,
        "undone_on": day(row.undone_on),
    }


def use_shape(row: PrepaymentUse, base_currency: str) -> dict[str, Any]:
    """Return a used prepayment."""
    return {
        "id": str(row.pk),
        "prepayment": str(row.prepayment_id),
        "invoice": str(row.invoice_id),
        "date": day(row.date),
        "currency": row.currency,
        "amount": money(row.amount, row.currency),
        "tax_amount": money(row.tax_amount, row.currency),
        "base_amount": money(row.base_amount, base_currency),
        "status": row.status,
        "undone_on": day(row.undone_on),
    }


def due_shape(one: DueReminder, base_currency: str) -> dict[str, Any]:
    """Return a reminder that is due."""
    return {
        "customer": str(one.customer_id),
        "customer_name": one.customer.name,
        "email": one.customer.email,
        "level": one.level,
        "invoices": [str(key) for key, _ in one.items],
        "overdue_count": one.count,
        "overdue_amount": money(one.amount, base_currency),
        "oldest_due": day(one.oldest),
    }


def reminder_shape(row: Reminder, base_currency: str) -> dict[str, Any]:
    """Return a reminder."""
    return {
        "id": str(row.pk),
        "customer": str(row.customer_id),
        "level": row.level,
        "date": day(row.date),
        "language": row.language,
        "email": row.email,
        "subject": row.subject,
        "body": row.body,
        "amount": money(row.amount, base_currency),
        "status": row.status,
        "attempts": row.attempts,
        "error": row.error,
        "created_at": moment(row.created_at),
        "sent_at": moment(row.sent_at),
    }


def level_shape(level: LevelText) -> dict[str, Any]:
    """Return words and waiting times of a level."""
    return {
        "level": level.level,
        "days_overdue": level.days_overdue,
        "days_since_last": level.days_since_last,
        "subject": level.subject,
        "subject_arabic": level.subject_arabic,
        "body": level.body,
        "body_arabic": level.body_arabic,
        "is_active": level.is_active,
    }


def recurring_shape(row: RecurringInvoice) -> dict[str, Any]:
    """Return a recurring invoice."""
    return {
        "id": str(row.pk),
        "name": row.name,
        "customer": str(row.customer_id),
        "invoice": str(row.source_id) if row.source_id else None,
        "frequency": row.frequency,
        "start_date": day(row.start_date),
        "end_date": day(row.end_date),
        "next_date": day(row.next_date),
        "post": row.post,
        "is_active": row.is_active,
        "version": row.version,
    }


def run_shape(row: RecurringRun) -> dict[str, Any]:
    """Return what came of one date."""
    return {
        "date": day(row.date),
        "invoice": str(row.invoice_id) if row.invoice_id else None,
        "error": row.error,
    }


def terms_shape(row: PaymentTerms) -> dict[str, Any]:
    """Return payment terms."""
    return {
        "id": str(row.pk),
        "code": row.code,
        "name": row.name,
        "name_arabic": row.name_arabic,
        "rule": row.rule,
        "days": row.days,
        "discount_percent": plain(row.discount_percent),
        "discount_days": row.discount_days,
        "is_active": row.is_active,
    }
