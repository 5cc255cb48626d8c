"""Reminders: three levels, each once for an invoice, to an address, with the statement attached (issue 3, AR)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail

from ar.errors import NoReminderDue
from ar.models import Customer, Invoice, ReminderItem
from ar.selectors.reminders import reminder_levels, reminders_due
from ar.services.reminders import (
    reminder_deliver,
    reminder_level_save,
    reminder_retry,
    reminder_send_one,
    reminders_send,
    reminders_stop,
)
from core.dates import local_today
from core.errors import DomainError
from tenancy.errors import PermissionRefused
from tests.builders import days_ago, payment, posted_invoice
from tests.database import refused, refuses, run

pytestmark = pytest.mark.django_db


def late_invoice(actor, customer, days=5, email="buyer@example.test", **fields):
    """Return an invoice so many days past due, of a customer with an address."""
    Customer.objects.filter(pk=customer.pk).update(email=email, language="en")
    return posted_invoice(
        actor, customer, issue_date=days_ago(days + 1), due_date=days_ago(days), **fields
    )


def due(today=None, **fields):
    return reminders_due(today or local_today(), levels=reminder_levels(), **fields)


def sent(actor, customer, today=None):
    return reminders_send(customer_ids=[customer.pk], actor=actor, today=today or local_today())


def later(days):
    return local_today() + dt.timedelta(days=days)


def test_first_level_names_all_that_is_overdue(in_company_a, owner):
    customer = in_company_a.customer
    old = late_invoice(owner, customer, 5)
    young = late_invoice(owner, customer, 1)

    (one,) = due()

    assert (one.level, one.count, one.amount) == (1, 2, Decimal("230.00"))
    assert one.items == ((old.pk, 1),)
    (row,) = sent(owner, customer)
    assert (row.level, row.email, row.status) == (1, "buyer@example.test", "queued")
    assert "230.00 SAR" in row.body
    assert customer.name in row.body
    assert list(ReminderItem.objects.values_list("invoice_id", "level")) == [(old.pk, 1)]
    assert young.pk not in dict(one.items)


def test_never_the_same_level_twice(in_company_a, owner):
    customer = in_company_a.customer
    invoice = late_invoice(owner, customer, 5)
    sent(owner, customer)

    assert due() == []
    assert sent(owner, customer) == []
    with refused("reminder_level_once_for_invoice"):
        run(
            "INSERT INTO ar_reminderitem (id, company_id, reminder_id, invoice_id, level) "
            "SELECT uuidv7(), company_id, reminder_id, %s, 1 FROM ar_reminderitem",
            [invoice.pk],
        )


def test_levels_wait_for_days_overdue_and_since_the_last(in_company_a, owner):
    customer = in_company_a.customer
    late_invoice(owner, customer, 14)
    sent(owner, customer)

    assert due(later(6)) == []
    (second,) = due(later(7))
    sent(owner, customer, later(7))
    (third,) = due(later(20))
    sent(owner, customer, later(20))

    assert (second.level, third.level) == (2, 3)
    assert due(later(300)) == []


def test_paid_disputed_and_stopped_are_left_alone(in_company_a, owner):
    customer = in_company_a.customer
    invoice = late_invoice(owner, customer)
    Invoice.objects.filter(pk=invoice.pk).update(settlement_hold="disputed")
    assert due() == []
    Invoice.objects.filter(pk=invoice.pk).update(settlement_hold="")
    reminders_stop(customer_id=customer.pk, stopped=True, actor=owner)
    assert due() == []
    reminders_stop(customer_id=customer.pk, stopped=False, actor=owner)
    assert len(due()) == 1
    payment(owner, customer, "115")
    assert due() == []


def test_without_an_address_nothing_is_sent(in_company_a, owner):
    late_invoice(owner, in_company_a.customer, email="")

    assert len(due()) == 1
    with refuses(NoReminderDue):
        reminder_send_one(customer_id=in_company_a.customer.pk, actor=owner, today=local_today())


def test_the_letter_goes_out_once_with_its_statement(in_company_a, owner):
    late_invoice(owner, in_company_a.customer)
    (row,) = sent(owner, in_company_a.customer)

    reminder_deliver(reminder_id=row.pk)
    reminder_deliver(reminder_id=row.pk)

    (letter,) = mail.outbox
    assert letter.to == ["buyer@example.test"]
    (name, content, kind) = letter.attachments[0]
    assert name == f"statement-{in_company_a.customer.code}.pdf"
    assert kind == "application/pdf"
    assert content.startswith(b"%PDF")
    row.refresh_from_db()
    assert row.status == "sent"
    assert row.sent_at is not None


def test_a_failure_is_kept_and_sent_again(in_company_a, owner, settings):
    late_invoice(owner, in_company_a.customer)
    (row,) = sent(owner, in_company_a.customer)
    settings.EMAIL_BACKEND = "tests.ar.test_reminders.Refusing"

    for _ in range(6):
        reminder_deliver(reminder_id=row.pk)

    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == ("failed", 5, "no route to host")
    assert reminder_retry(reminder_id=row.pk, actor=owner).status == "queued"
    with refuses(NoReminderDue):
        reminder_retry(reminder_id=row.pk, actor=owner)


class Refusing:
    """A mail server that is down."""

    def __init__(self, *args, **kwargs):
        """Take what Django hands to a backend."""

    def send_messages(self, messages):
        raise OSError("no route to host")


def test_own_words_of_a_level(in_company_a, owner):
    late_invoice(owner, in_company_a.customer)
    values = {
        "days_overdue": 4,
        "days_since_last": 0,
        "subject": "Hello {customer}\nBcc: x@example.test",
        "subject_arabic": "تذكير",
        "body": "{amount} {unknown}",
        "body_arabic": "تذكير",
        "is_active": True,
    }
    reminder_level_save(level=1, values=values, actor=owner)

    (row,) = sent(owner, in_company_a.customer)

    assert "\n" not in row.subject
    assert row.body == "115.00 {unknown}"
    with refuses(DomainError, field="level"):
        reminder_level_save(level=4, values=values, actor=owner)


def test_many_customers_take_as_many_statements_as_one(
    in_company_a, owner, django_assert_max_num_queries
):
    late_invoice(owner, in_company_a.customer)
    late_invoice(owner, in_company_a.other_customer)
    ids = [in_company_a.customer.pk, in_company_a.other_customer.pk]

    with django_assert_max_num_queries(9):
        rows = reminders_send(customer_ids=ids, actor=owner, today=local_today())

    assert len(rows) == 2


def test_sales_send_nothing(in_company_a):
    with in_company_a.acting("sales") as sales, pytest.raises(PermissionRefused):
        sent(sales, in_company_a.customer)
