"""Lock dates by area, states of periods by permission, year end (accounting.md section 10)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.database_errors import from_database
from core.dates import local_today, month_end
from ledger.errors import (
    LockRefused,
    PeriodStale,
    PeriodState,
    ReasonMissing,
    YearClosed,
    YearNotReady,
)
from ledger.models import Account, AccountBalance, JournalEntry, LockDate, Period
from ledger.posting import JournalDraft, PostingLine
from ledger.selectors.balances import trial_balance
from ledger.selectors.years import fiscal_years
from ledger.services.journal import journal_post
from ledger.services.locks import lock_date_set
from ledger.services.periods import (
    closing_entry,
    period_set_state,
    periods_add_year,
    periods_keep_ahead,
)
from ledger.services.years import year_close, year_reopen
from tenancy.errors import PermissionRefused
from tenancy.services.members import grant_set
from tests.builders import payment, posted_invoice
from tests.database import nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db

TODAY = local_today()
LAST_YEAR = TODAY.year - 1


def this_month():
    return Period.objects.get(start_date=TODAY.replace(day=1))


def next_month():
    return month_end(TODAY) + dt.timedelta(days=1)


def book(book, amount, date, *, debit="1130", credit="4110", number="T", kind="normal"):
    accounts = dict(Account.objects.values_list("code", "pk"))
    line = JournalEntry.objects.count()
    return journal_post(
        [
            JournalDraft(
                date=date,
                book=book,
                kind=kind,
                source_kind=f"test.{line}",
                source_id=accounts[debit],
                source_number=number,
                currency="SAR",
                lines=(
                    PostingLine(account_id=accounts[debit], debit=Decimal(amount)),
                    PostingLine(account_id=accounts[credit], credit=Decimal(amount)),
                ),
            )
        ]
    )[0]


@pytest.mark.parametrize(
    ("area", "locked", "free"),
    [
        ("sales", "SAL", "GEN"),
        ("purchases", "PUR", "SAL"),
        ("money", "REC", "PUR"),
        ("money", "PAY", "SAL"),
        ("stock", "STK", "PAY"),
    ],
)
def test_lock_of_an_area_refuses_its_books_only(in_company_a, owner, area, locked, free):
    lock_date_set(area=area, until=TODAY, actor=owner)

    with nothing_changes(), refused(f"lock_{area}"):
        book(locked, 10, TODAY)
    book(free, 10, TODAY)
    book(locked, 10, TODAY + dt.timedelta(days=1))


def test_general_lock_refuses_every_book(in_company_a, owner):
    lock_date_set(area="general", until=TODAY, actor=owner)

    for name in ("SAL", "PUR", "REC", "GEN", "TAX", "STK"):
        with refused("lock_general"):
            book(name, 10, TODAY)


def test_strictest_lock_wins_and_the_refusal_names_it_and_the_first_open_day(in_company_a, owner):
    lock_date_set(area="general", until=TODAY - dt.timedelta(days=1), actor=owner)
    lock_date_set(area="sales", until=TODAY + dt.timedelta(days=3), actor=owner)

    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        posted_invoice(owner, in_company_a.customer)

    error = from_database(caught.value)
    first = (TODAY + dt.timedelta(days=4)).isoformat()
    assert error.code == "locked_sales"
    assert error.status == 409
    assert first in error.message


def test_payment_obeys_the_lock_of_money(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    lock_date_set(area="money", until=TODAY, actor=owner)

    with nothing_changes(), refused("lock_money"):
        payment(owner, in_company_a.customer, 115, allocations=[(invoice, 115)])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_lockdate",
        "UPDATE ledger_lockdate SET until = until - 1",
        "UPDATE ledger_lockdate SET area = 'stock'",
    ],
)
def test_raw_sql_lifts_a_lock_for_an_owner_only(company_a, statement):
    with company_a.acting("owner") as owner:
        lock_date_set(area="sales", until=TODAY, actor=owner)

    with company_a.acting("accountant"):
        with nothing_changes(), refused("lock_lift_owner"):
            run(statement)
        assert run("UPDATE ledger_lockdate SET until = until + 1") == 1
    with company_a.acting("owner"):
        assert run(statement) == 1


def test_lifting_a_lock_needs_an_owner_and_a_reason(in_company_a, owner):
    accountant = in_company_a.principal("accountant")
    lock_date_set(area="sales", until=TODAY, actor=accountant)

    with refuses(PermissionRefused):
        lock_date_set(area="sales", until=None, reason="Late invoice", actor=accountant)
    with refuses(ReasonMissing, field="reason"):
        lock_date_set(area="sales", until=None, actor=owner)
    with refuses(LockRefused, field="area"):
        lock_date_set(area="tax", until=TODAY, actor=owner)
    lock_date_set(area="sales", until=None, reason="Late invoice", actor=owner)

    assert not LockDate.objects.exists()


def test_closing_period_takes_adjustments_of_who_may(in_company_a, owner, company_a):
    period_set_state(period_id=this_month().pk, state="closing", actor=owner)

    posted_invoice(owner, in_company_a.customer)
    assert JournalEntry.objects.get().is_adjustment


def test_closing_period_refuses_a_cashier_until_granted(company_a):
    with company_a.acting() as owner:
        period_set_state(period_id=this_month().pk, state="closing", actor=owner)
    with company_a.acting("cashier") as cashier, refused("period_closing"):
        posted_invoice(cashier, company_a.customer)
    with company_a.acting() as owner:
        grant_set(
            user_id=company_a.users["cashier"].pk,
            permission="ledger.period.post_closing",
            granted=True,
            actor_id=owner.user_id,
        )
    with company_a.acting("cashier") as cashier:
        posted_invoice(cashier, company_a.customer)


def test_states_move_by_permission_and_a_closed_period_by_its_owner(in_company_a, owner):
    accountant = in_company_a.principal("accountant")
    period = this_month()
    with refuses(PermissionRefused):
        period_set_state(
            period_id=period.pk, state="closed", actor=in_company_a.principal("cashier")
        )
    with refuses(PeriodStale, field="version"):
        period_set_state(period_id=period.pk, state="closed", version=99, actor=owner)
    period_set_state(period_id=period.pk, state="closed", actor=accountant)
    with refuses(PermissionRefused):
        period_set_state(period_id=period.pk, state="open", reason="Late", actor=accountant)
    with refuses(ReasonMissing, field="reason"):
        period_set_state(period_id=period.pk, state="open", actor=owner)
    with refuses(PeriodState, field="state"):
        period_set_state(period_id=period.pk, state="closed", actor=owner)

    reopened = period_set_state(
        period_id=period.pk, state="closing", reason="Late bill", actor=owner
    )

    assert (reopened.state, reopened.reopen_reason) == ("closing", "Late bill")


def test_database_refuses_reopening_without_reason_and_moving_days(in_company_a, owner):
    period_set_state(period_id=this_month().pk, state="closed", actor=owner)

    with refused("period_reopen_reason"):
        run("UPDATE ledger_period SET state = 'open' WHERE state = 'closed'")
    with refused("period_days_fixed"):
        run("UPDATE ledger_period SET end_date = end_date + 1")


def test_year_end_brings_the_result_to_retained_earnings(in_company_a, owner):
    book("GEN", 1000, dt.date(LAST_YEAR, 3, 1))
    book("GEN", 400, dt.date(LAST_YEAR, 5, 1), debit="6310", credit="1130")

    entry = year_close(fiscal_year=LAST_YEAR, actor=owner)

    assert (entry.kind, entry.book, entry.date) == ("closing", "CLO", dt.date(LAST_YEAR, 12, 31))
    assert entry.is_closing
    balances = {row.code: row.balance for row in trial_balance(dt.date(LAST_YEAR, 12, 31))}
    assert balances == {"1130": 600, "3310": -600}
    assert set(Period.objects.filter(fiscal_year=LAST_YEAR).values_list("state", flat=True)) == {
        "closed"
    }
    # what the year end booked stands apart, so the result of the year is still to be seen
    assert AccountBalance.objects.filter(is_closing=True).count() == 3
    year = next(one for one in fiscal_years() if one.fiscal_year == LAST_YEAR)
    assert (year.result, year.is_closed) == (600, True)
    assert {row.code for row in trial_balance(dt.date(LAST_YEAR, 11, 30))} == {
        "1130",
        "4110",
        "6310",
    }


def test_reopening_a_year_reverses_its_closing_journal(in_company_a, owner):
    book("GEN", 1000, dt.date(LAST_YEAR, 3, 1))
    first = year_close(fiscal_year=LAST_YEAR, actor=owner)
    december = Period.objects.get(start_date=dt.date(LAST_YEAR, 12, 1))
    with refuses(YearClosed):
        period_set_state(period_id=december.pk, state="open", reason="Late", actor=owner)
    with refuses(PermissionRefused):
        year_reopen(
            fiscal_year=LAST_YEAR, reason="Late", actor=in_company_a.principal("accountant")
        )
    with refuses(ReasonMissing, field="reason"):
        year_reopen(fiscal_year=LAST_YEAR, reason="", actor=owner)

    last = year_reopen(fiscal_year=LAST_YEAR, reason="Late bill", actor=owner)

    assert (last.state, last.reopen_reason) == ("closing", "Late bill")
    assert closing_entry(LAST_YEAR) is None
    balances = {row.code: row.balance for row in trial_balance(dt.date(LAST_YEAR, 12, 31))}
    assert balances == {"1130": 1000, "4110": -1000}
    book("GEN", 50, dt.date(LAST_YEAR, 12, 31), debit="6310", credit="1130")
    again = year_close(fiscal_year=LAST_YEAR, actor=owner)
    assert again.pk != first.pk
    balances = {row.code: row.balance for row in trial_balance(dt.date(LAST_YEAR, 12, 31))}
    assert balances == {"1130": 950, "3310": -950}


def test_years_are_closed_in_order_and_once(in_company_a, owner):
    book("GEN", 10, dt.date(LAST_YEAR, 3, 1))
    book("GEN", 10, dt.date(TODAY.year, 1, 1))
    with refuses(YearNotReady):
        year_close(fiscal_year=TODAY.year, actor=owner)
    year_close(fiscal_year=LAST_YEAR, actor=owner)
    with refuses(YearNotReady):
        year_close(fiscal_year=LAST_YEAR, actor=owner)
    year_close(fiscal_year=TODAY.year, actor=owner)
    with refuses(YearNotReady):
        year_reopen(fiscal_year=LAST_YEAR, reason="Late", actor=owner)
    with refuses(YearNotReady, field="year"):
        year_close(fiscal_year=2090, actor=owner)


def test_year_without_postings_closes_without_a_journal(in_company_a, owner):
    assert year_close(fiscal_year=LAST_YEAR, actor=owner) is None
    assert not JournalEntry.objects.exists()


def test_lock_dates_do_not_stop_a_year_end(in_company_a, owner):
    book("GEN", 10, dt.date(LAST_YEAR, 3, 1))
    lock_date_set(area="general", until=dt.date(LAST_YEAR, 12, 31), actor=owner)

    assert year_close(fiscal_year=LAST_YEAR, actor=owner) is not None


def test_periods_of_the_next_year_are_made_by_button_and_by_day(in_company_a, owner):
    assert periods_add_year(actor=owner) == TODAY.year + 2
    assert periods_keep_ahead(today=TODAY) == 0
    assert periods_keep_ahead(today=TODAY.replace(year=TODAY.year + 2, day=1)) == 12
