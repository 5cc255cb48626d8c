"""Accruals reverse themselves; templates and schedules make journals, each due date once (issue 3, item 5)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from core.dates import add_months, local_today, month_end, month_start
from core.errors import DomainError, ValidationErrors
from ledger.models import JournalEntry, JournalLine, ManualJournal, Period, RecurringJournal
from ledger.services.accruals import accruals_reverse
from ledger.services.manual import manual_create_posted
from ledger.services.recurring import (
    next_dates,
    recurring_create,
    recurring_run,
    recurring_run_due,
    recurring_update,
)
from ledger.services.templates import (
    journal_from_template,
    parse_template,
    template_create,
    template_from_journal,
)
from tests.ledger.hand import BANK, RENT, row, typed

pytestmark = pytest.mark.django_db
ACCRUED = "2250"


def accrual(**fields):
    return typed([row(RENT, debit="900"), row(ACCRUED, credit="900")], kind="accrual", **fields)


def next_month():
    return month_end(local_today()) + dt.timedelta(days=1)


def template(owner, **fields):
    lines = fields.pop(
        "lines",
        [
            {"account_code": RENT, "side": "debit", "mode": "fixed", "amount": "1000"},
            {"account_code": BANK, "side": "credit", "mode": "fixed", "amount": "1000"},
        ],
    )
    payload = {"name": "Rent", "lines": lines, **fields}
    return template_create(
        typed=parse_template(payload, currency="SAR", today=local_today()), actor=owner
    )


def test_an_accrual_reverses_itself_on_the_first_day_of_the_next_period(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=accrual(), actor=owner)
        mirror = JournalEntry.objects.get(source_id=journal.pk, reverses__isnull=False)

        assert mirror.date == next_month()
        assert mirror.kind == "reversal"
        assert accruals_reverse() == []
        assert JournalEntry.objects.filter(source_id=journal.pk).count() == 2
        totals = JournalLine.objects.filter(entry__source_id=journal.pk).values_list(
            "debit", "credit"
        )
        assert sum(debit for debit, _ in totals) == sum(credit for _, credit in totals) == 1800


def test_without_the_next_period_the_daily_run_reverses_it_once_it_is_open(in_company_a, owner):
    with transaction.atomic():
        Period.objects.filter(start_date=next_month()).update(state="closed")
        journal = manual_create_posted(typed=accrual(), actor=owner)
        assert JournalEntry.objects.filter(source_id=journal.pk).count() == 1
        assert accruals_reverse() == []
        Period.objects.filter(start_date=next_month()).update(
            state="open", reopen_reason="A late accrual"
        )

        assert len(accruals_reverse()) == 1
        assert accruals_reverse() == []


def test_percents_of_a_template_share_the_amount_without_residue(in_company_a, owner):
    with transaction.atomic():
        shared = template(
            owner,
            lines=[
                {"account_code": code, "side": "debit", "mode": "percent", "percent": percent}
                for code, percent in (("6310", "33.3333"), ("6320", "33.3333"), ("6330", "33.3334"))
            ]
            + [{"account_code": BANK, "side": "credit", "mode": "percent", "percent": "100"}],
        )
        journal = journal_from_template(
            template=shared, date=local_today(), amount=Decimal("100.00")
        )
        debits = [line.debit for line in journal.lines[:3]]

        assert sum(debits) == journal.lines[3].credit == 100
        assert sorted(debits) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
        with pytest.raises(ValidationErrors):
            journal_from_template(template=shared, date=local_today(), amount=None)


def test_a_journal_becomes_a_template(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(), actor=owner)
        kept = template_from_journal(
            journal_id=journal.pk, name="Rent", mode="percent", actor=owner
        )

        assert [(line.side, line.percent) for line in kept.lines.order_by("position")] == [
            ("debit", 100),
            ("credit", 100),
        ]
        with pytest.raises(DomainError) as refused:
            template_from_journal(journal_id=journal.pk, name="Rent", mode="fixed", actor=owner)
    assert refused.value.code == "duplicate_name"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        (
            {"lines": [{"account_code": RENT, "mode": "percent", "percent": "101"}]},
            "lines.0.percent",
        ),
        ({"lines": [{"account_code": RENT, "mode": "often", "amount": "1"}]}, "lines.0.mode"),
        ({"lines": [{"account_code": RENT, "mode": "fixed"}]}, "lines.0.amount"),
    ],
)
def test_a_wrong_template_is_refused_at_its_field(in_company_a, owner, change, field):
    with transaction.atomic(), pytest.raises(ValidationErrors) as refused:
        template(owner, **change)

    assert field in {one.field for one in refused.value.errors}


def schedule(owner, **fields):
    if "template_id" not in fields:
        fields["template_id"] = template(owner).pk
    fields = {
        "frequency": "monthly",
        "start_date": add_months(month_start(local_today()), -2),
        "post": True,
    } | fields
    return recurring_create(actor=owner, **fields)


def test_a_schedule_makes_one_journal_for_each_due_date_however_often_it_runs(in_company_a, owner):
    with transaction.atomic():
        one = schedule(owner)
        made = [
            recurring_run(schedule_id=one.pk, today=local_today(), actor=owner) for _ in range(3)
        ]
        journals = ManualJournal.objects.filter(recurring_id=one.pk).order_by("recurring_date")
        one.refresh_from_db()

        assert made == [3, 0, 0]
        assert [journal.status for journal in journals] == ["posted"] * 3
        assert [journal.date.day for journal in journals] == [1, 1, 1]
        assert one.last_result == "posted"
        assert next_dates(one, 2) == [
            add_months(month_start(local_today()), 1),
            add_months(month_start(local_today()), 2),
        ]


def test_a_month_end_stays_a_month_end(in_company_a, owner):
    with transaction.atomic():
        one = schedule(owner, start_date=dt.date(2026, 1, 31), frequency="monthly", post=False)

        assert next_dates(one, 4) == [
            dt.date(2026, 1, 31),
            dt.date(2026, 2, 28),
            dt.date(2026, 3, 31),
            dt.date(2026, 4, 30),
        ]


def test_a_schedule_ends_and_can_be_paused(in_company_a, owner):
    with transaction.atomic():
        first = add_months(month_start(local_today()), -2)
        one = schedule(owner, end_date=add_months(first, 1))
        assert recurring_run(schedule_id=one.pk, today=local_today(), actor=owner) == 2
        one.refresh_from_db()
        assert (one.next_date, next_dates(one)) == (None, [])

        paused = recurring_update(
            schedule_id=one.pk, end_date=None, amount=None, post=False, is_active=False, actor=owner
        )
        assert recurring_run(schedule_id=paused.pk, today=local_today(), actor=owner) == 0


def test_a_refused_date_is_kept_on_the_schedule_and_tried_again(in_company_a, owner):
    with transaction.atomic():
        one = schedule(owner, start_date=month_start(local_today()))
        Period.objects.filter(start_date=month_start(local_today())).update(state="closed")
        assert recurring_run(schedule_id=one.pk, today=local_today(), actor=owner) == 0
        one.refresh_from_db()
        assert one.last_result == "failed"
        assert "closed" in one.last_message
        assert not ManualJournal.objects.filter(recurring_id=one.pk).exists()

        Period.objects.filter(start_date=month_start(local_today())).update(
            state="open", reopen_reason="A late accrual"
        )
        assert recurring_run(schedule_id=one.pk, today=local_today(), actor=owner) == 1


def test_the_daily_run_works_in_the_name_of_who_set_it_up(company_a):
    with company_a.acting("accountant") as accountant:
        one = schedule(accountant, start_date=month_start(local_today()))
    with company_a.scope(source="task"):
        assert recurring_run_due(today=local_today()) == 1
        assert recurring_run_due(today=local_today()) == 0
    with company_a.acting():
        journal = ManualJournal.objects.get(recurring_id=one.pk)
        assert journal.posted_by_id == accountant.user_id
        assert RecurringJournal.objects.get(pk=one.pk).runs == 1


def test_amounts_typed_each_time_make_drafts_only(in_company_a, owner):
    with transaction.atomic():
        empty = template(
            owner,
            name="Electricity",
            lines=[
                {"account_code": "6320", "side": "debit", "mode": "empty"},
                {"account_code": BANK, "side": "credit", "mode": "empty"},
            ],
        )
        with pytest.raises(DomainError) as refused:
            schedule(owner, template_id=empty.pk, post=True)
        assert refused.value.field == "post"
        one = schedule(owner, template_id=empty.pk, post=False, start_date=local_today())
        recurring_run(schedule_id=one.pk, today=local_today(), actor=owner)

        assert ManualJournal.objects.get(recurring_id=one.pk).status == "draft"
