"""`manage.py verify` finds what breaks locks, year ends, opening accounts, filed VAT returns and the order of dates."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from core.dates import local_today
from ledger.models import Account, Period
from ledger.posting import JournalDraft, PostingLine
from ledger.services.journal import journal_post
from ledger.services.locks import lock_date_set
from ledger.services.periods import period_set_state
from ledger.services.years import year_close
from reports.vat.services import vat_return_file, vat_return_prepare
from reports.verify.run import verify_company
from tests import builders
from tests.cast import cast_make

pytestmark = pytest.mark.django_db(transaction=True)

LAST_YEAR = local_today().year - 1

MISTAKES = {
    "locks obeyed": "UPDATE ledger_lockdate SET changed_at = changed_at - interval '1 day' WHERE area = 'sales'",
    "year ends": "UPDATE ledger_period SET state = 'open' WHERE fiscal_year = {year} AND "
    "extract(month FROM start_date) = 12",
    "opening accounts": "UPDATE ledger_accountbalance b SET debit = b.debit + 1 FROM ledger_account a "
    "WHERE a.id = b.account_id AND a.role = 'opening_other'",
    "VAT returns": "UPDATE reports_vatreturnrow SET output_vat = output_vat + 1",
    "dates in number order": "UPDATE ar_invoice SET issue_date = issue_date - 40 WHERE sequence_number = 2",
}


def post(debit, credit, amount, date, kind="normal", tax_code=""):
    accounts = dict(Account.objects.values_list("code", "pk"))
    journal_post(
        [
            JournalDraft(
                date=date,
                book="GEN",
                kind=kind,
                source_kind="test",
                source_id=uuid.uuid4(),
                currency="SAR",
                lines=(
                    PostingLine(account_id=accounts[debit], debit=Decimal(amount)),
                    PostingLine(
                        account_id=accounts[credit],
                        credit=Decimal(amount),
                        tax_code=tax_code,
                        taxable_amount=Decimal(100) if tax_code else None,
                    ),
                ),
            )
        ]
    )


@pytest.fixture
def company():
    """A company with a closed year that began with opening balances, a filed return, a lock and two invoices."""
    company = cast_make("Periods", number_backdating_days=30)
    with company.acting() as owner:
        post("1130", "3940", 500, dt.date(LAST_YEAR, 1, 1), "opening")
        post("3940", "3110", 500, dt.date(LAST_YEAR, 1, 1), "opening")
        post("1130", "2410", 15, dt.date(LAST_YEAR, 2, 1), tax_code="S15")
        post("1130", "4110", 100, dt.date(LAST_YEAR, 2, 1))
        vat_return = vat_return_prepare(date=dt.date(LAST_YEAR, 2, 1), actor=owner)
        vat_return_file(vat_return_id=vat_return.pk, actor=owner)
        builders.posted_invoice(owner, company.customer)
        builders.posted_invoice(owner, company.customer)
        january = Period.objects.get(start_date=dt.date(LAST_YEAR, 1, 1))
        period_set_state(period_id=january.pk, state="closed", actor=owner)
        year_close(fiscal_year=LAST_YEAR, actor=owner)
        lock_date_set(area="sales", until=local_today(), actor=owner)
    return company


def failed(company):
    return {outcome.check.name for outcome in verify_company(company.id) if outcome.count}


def test_what_the_services_wrote_is_clean(company):
    assert failed(company) == set()


@pytest.mark.parametrize("check", MISTAKES)
def test_a_planted_mistake_is_found(company, sec, check):
    with sec.transaction():
        sec.execute("SET LOCAL session_replication_role = replica")
        changed = sec.execute(MISTAKES[check].format(year=LAST_YEAR))
    assert changed.rowcount > 0
    assert check in failed(company)
