"""Nothing is posted into a closed or a missing period, and a close does not race a post (L6)."""

import datetime as dt

import pytest

from core.dates import local_today
from core.errors import DomainError
from ledger.models import JournalEntry, Period
from ledger.services.journal import journal_reverse
from ledger.services.periods import period_set_state, periods_open_year
from tests.builders import posted_invoice
from tests.database import nothing_changes, refused, run

pytestmark = pytest.mark.django_db


def this_month():
    return Period.objects.get(start_date=local_today().replace(day=1))


def test_document_finds_the_period_of_its_date(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)

    assert JournalEntry.objects.get().period_id == this_month().pk


def test_closed_period_refuses_a_posting(in_company_a, owner):
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_closed"):
        posted_invoice(owner, in_company_a.customer)


def test_reopened_period_takes_postings_again(in_company_a, owner):
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)
    period = period_set_state(
        period_id=this_month().pk, state="open", reason="Late invoice", actor=owner
    )

    assert period.closed_at is None
    posted_invoice(owner, in_company_a.customer)


def test_date_without_a_period_is_refused(in_company_a, owner):
    with nothing_changes(), refused("period_missing"):
        posted_invoice(owner, in_company_a.customer, issue_date="2016-02-29")


def test_reversal_into_a_closed_period_is_refused(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    entry = JournalEntry.objects.get()
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_closed"):
        journal_reverse(entry_id=entry.pk, date=local_today())


def test_periods_never_overlap(in_company_a):
    first = this_month().start_date
    with refused("period_no_overlap"):
        Period.objects.create(
            start_date=first + dt.timedelta(days=3),
            end_date=first + dt.timedelta(days=5),
            fiscal_year=first.year,
        )


def test_periods_of_a_year_are_made_once(in_company_a):
    before = Period.objects.count()
    periods_open_year(year=local_today().year)

    assert Period.objects.count() == before
    assert before == 36


def test_fiscal_year_may_begin_in_any_month(in_company_a):
    periods_open_year(year=2040, start_month=7)

    months = Period.objects.filter(fiscal_year=2040).order_by("start_date")
    assert (months[0].start_date, months[11].end_date) == (
        dt.date(2040, 7, 1),
        dt.date(2041, 6, 30),
    )
    assert len(months) == 12


def test_unknown_state_of_a_period_is_refused(in_company_a, owner):
    with pytest.raises(DomainError) as caught:
        period_set_state(period_id=this_month().pk, state="ajar", actor=owner)
    assert (caught.value.code, caught.value.field) == ("invalid", "state")
    with refused("period_state_known"):
        run("UPDATE ledger_period SET state = 'ajar'")


def test_closed_period_is_not_opened_by_writing_it_anew(in_company_a, owner):
    """DELETE and INSERT must not do what UPDATE may not; the deferred foreign keys would not notice."""
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_stays"):
        run(
            "CREATE TEMP TABLE kept AS SELECT * FROM ledger_period WHERE state = 'closed'; "
            "DELETE FROM ledger_period WHERE state = 'closed'; UPDATE kept SET state = 'open'; "
            "INSERT INTO ledger_period SELECT * FROM kept"
        )


def test_period_with_entries_is_not_deleted(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("period_stays"):
        run("DELETE FROM ledger_period WHERE id = %s", [this_month().pk])


def test_temporary_table_does_not_stand_in_for_the_periods(in_company_a, owner):
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_closed"):
        run("CREATE TEMP TABLE ledger_period AS SELECT * FROM public.ledger_period")
        run("UPDATE pg_temp.ledger_period SET state = 'open'")
        run(
            "INSERT INTO ledger_journalentry (id, company_id, date, book, kind, source_kind, source_id, source_number, "
            "purpose, description, currency, rate, line_count, total, posted_at, period_id) "
            "SELECT gen_random_uuid(), company_id, current_date, 'GEN', 'normal', 'x', gen_random_uuid(), '', 'post', '', "
            "'SAR', 1, 2, 1, now(), id FROM public.ledger_period LIMIT 1"
        )
