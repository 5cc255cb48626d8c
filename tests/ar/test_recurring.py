"""Recurring invoices: each date makes one invoice, however often the work runs (issue 3, AR)."""

import datetime as dt
from itertools import pairwise

import pytest

from ar.models import Customer, Invoice, RecurringRun
from ar.recurrence import Frequency, next_date, nth_date
from ar.services.recurring import (
    TypedRecurring,
    recurring_create,
    recurring_delete,
    recurring_due,
    recurring_run,
    recurring_update,
)
from core.errors import DomainError
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tests.builders import draft_invoice, line, posted_invoice
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db

START = dt.date(2026, 8, 31)


def repeated(actor, customer, **fields):
    invoice = draft_invoice(
        actor, customer, [line("2", "10.5"), line("1", "3", vat_rate="0")], document_discount="1"
    )
    fields = {"name": "Rent", "frequency": "monthly", "start_date": START, **fields}
    return recurring_create(invoice_id=invoice.pk, typed=TypedRecurring(**fields), actor=actor)


@pytest.mark.parametrize(
    ("frequency", "dates"),
    [
        ("weekly", ["2026-08-31", "2026-09-07", "2026-09-14"]),
        ("monthly", ["2026-08-31", "2026-09-30", "2026-10-31"]),
        ("quarterly", ["2026-08-31", "2026-11-30", "2027-02-28"]),
    ],
)
def test_dates(frequency, dates):
    found = [nth_date(START, Frequency(frequency), number).isoformat() for number in range(3)]

    assert found == dates
    for before, after in pairwise(dates):
        day = dt.date.fromisoformat(before)
        assert next_date(START, Frequency(frequency), day) == dt.date.fromisoformat(after)
    assert next_date(START, Frequency(frequency), START, START) is None
    assert next_date(START, Frequency(frequency), None) == START


def test_every_date_makes_its_draft_once(in_company_a, owner):
    row = repeated(owner, in_company_a.customer)
    today = dt.date(2026, 11, 1)

    first = recurring_run(recurring_id=row.pk, actor=owner, today=today)
    again = recurring_run(recurring_id=row.pk, actor=owner, today=today)

    assert [run.date.isoformat() for run in first] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert again == []
    made = Invoice.objects.get(pk=first[1].invoice_id)
    assert (made.status, made.issue_date, made.total) == (
        "draft",
        dt.date(2026, 9, 30),
        Invoice.objects.get(pk=row.source_id).total,
    )
    row.refresh_from_db()
    assert row.next_date == dt.date(2026, 11, 30)
    assert recurring_due(today) == []


def test_posted_at_once_until_the_last_date(in_company_a, owner):
    row = repeated(owner, in_company_a.customer, post=True, end_date=dt.date(2026, 9, 30))

    runs = recurring_run(recurring_id=row.pk, actor=owner, today=dt.date(2026, 11, 1))
    check_now()

    assert [Invoice.objects.get(pk=run.invoice_id).status for run in runs] == ["posted"] * 2
    row.refresh_from_db()
    assert row.next_date is None


def test_a_refused_date_is_kept_with_its_reason_and_tried_again(in_company_a, owner):
    row = repeated(owner, in_company_a.customer)
    customers = Customer.objects.filter(pk=in_company_a.customer.pk)
    customers.update(is_active=False)

    (failed,) = recurring_run(recurring_id=row.pk, actor=owner, today=START)
    customers.update(is_active=True)
    (made,) = recurring_run(recurring_id=row.pk, actor=owner, today=START)

    assert failed.error == "There is no such customer."
    assert (made.pk, made.error) == (failed.pk, "")
    assert RecurringRun.objects.count() == 1


def test_stopped_changed_and_outdated(in_company_a, owner):
    row = repeated(owner, in_company_a.customer)

    row = recurring_update(
        recurring_id=row.pk, changes={"is_active": False}, version=1, actor=owner
    )
    assert recurring_run(recurring_id=row.pk, actor=owner, today=dt.date(2027, 1, 1)) == []
    with refuses(Conflict):
        recurring_update(recurring_id=row.pk, changes={"name": "x"}, version=1, actor=owner)
    with refuses(DomainError, field="end_date"):
        recurring_update(
            recurring_id=row.pk,
            changes={"end_date": dt.date(2026, 1, 1)},
            version=2,
            actor=owner,
        )


def test_what_ran_is_not_removed(in_company_a, owner):
    row = repeated(owner, in_company_a.customer)
    never = repeated(owner, in_company_a.customer)
    recurring_run(recurring_id=row.pk, actor=owner, today=START)

    recurring_delete(recurring_id=never.pk, actor=owner)
    with refuses(DomainError, code="has_runs"):
        recurring_delete(recurring_id=row.pk, actor=owner)


def test_wrong_schedule_and_wrong_role(in_company_a, owner):
    with refuses(DomainError, field="frequency"):
        repeated(owner, in_company_a.customer, frequency="daily")
    with refuses(DomainError, field="end_date"):
        repeated(owner, in_company_a.customer, end_date=dt.date(2026, 1, 1))
    invoice = posted_invoice(owner, in_company_a.customer)
    with in_company_a.acting("sales") as sales, pytest.raises(PermissionRefused):
        recurring_create(
            invoice_id=invoice.pk,
            typed=TypedRecurring(name="x", frequency="weekly", start_date=START),
            actor=sales,
        )
