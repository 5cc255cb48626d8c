"""Prepaid months become cost: one journal each, the last takes the residue, nothing twice (accounting.md G1)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ap.models import PrepaidPart
from ap.services.credits import bill_void
from ap.services.prepaid import prepaid_book, prepaid_run
from core.dates import add_months, local_today, month_end, month_start
from ledger.models import JournalEntry, JournalLine, Period
from tenancy.errors import PermissionRefused
from tests.buying import cost, posted_bill, supplier

pytestmark = pytest.mark.django_db
START = month_start(local_today())


def bill(owner, *, amount="1000", months="3", start=START):
    return posted_bill(
        owner,
        supplier(owner),
        [cost("1", amount, account="6310", prepaid_months=months, prepaid_start=start.isoformat())],
        issue_date=START.isoformat(),
    )


def booked():
    return [
        (entry.date, entry.total)
        for entry in JournalEntry.objects.filter(source_kind="ap.prepaid_part").order_by(
            "date", "id"
        )
    ]


def test_each_month_has_its_journal_and_the_last_takes_the_residue(in_company_a, owner):
    bill(owner)
    last = month_end(add_months(START, 2))

    assert prepaid_book(until=last) == 3
    assert booked() == [
        (month_end(START), Decimal("333.33")),
        (month_end(add_months(START, 1)), Decimal("333.33")),
        (last, Decimal("333.34")),
    ]
    cost_line = JournalLine.objects.filter(entry__source_kind="ap.prepaid_part", debit__gt=0)
    assert set(cost_line.values_list("account__code", flat=True)) == {"6310"}
    assert not PrepaidPart.objects.filter(entry__isnull=True).exists()


def test_a_run_books_what_is_due_and_nothing_twice(in_company_a, owner):
    bill(owner)

    assert prepaid_run(until=month_end(START), actor=owner) == 1
    assert prepaid_run(until=month_end(START), actor=owner) == 0
    assert len(booked()) == 1


def test_a_month_before_its_bill_or_in_a_closed_period_is_booked_on_the_first_open_day(
    in_company_a, owner
):
    earlier = add_months(START, -1)
    bill(owner, months="2", start=earlier)
    Period.objects.filter(start_date=START).update(state="closed")
    prepaid_book(until=month_end(START))

    assert {day for day, _ in booked()} == {add_months(START, 1)}


def test_a_void_bill_has_nothing_left_to_book(in_company_a, owner):
    made = bill(owner)
    bill_void(bill_id=made.pk, reason="Wrong supplier", actor=owner)

    assert prepaid_book(until=month_end(add_months(START, 5))) == 0


def test_only_bookkeepers_run_it(company_a):
    with company_a.acting("auditor") as auditor, pytest.raises(PermissionRefused):
        prepaid_run(until=dt.date(2030, 1, 1), actor=auditor)


def statements(until):
    with CaptureQueriesContext(connection) as queries:
        prepaid_book(until=until)
    return len(queries)


def test_sixty_months_take_the_statements_of_one(in_company_a, owner):
    bill(owner, months="1")
    one = statements(month_end(START))
    bill(owner, months="12")

    assert statements(month_end(add_months(START, 11))) <= one + 1
