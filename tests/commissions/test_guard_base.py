"""What commission is earned on, and by whom, follows from the invoice's story, whoever writes (RR-6, RR-7)."""

from decimal import Decimal

import pytest

from tests.ar.test_write_off import written_off
from tests.builders import credited_one, draft_invoice, fresh, line, paid_invoice, posted_invoice
from tests.database import check_now, nothing_changes, refused, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(company_a):
    return company_a.users["sales"].pk


@pytest.mark.parametrize(
    "change",
    [
        "commission_base = commission_base + 1",
        "commission_base = commission_base - 1",
        "commission_base_posted = 5000",
        # as if it had been posted with more
        "commission_base_posted = 5000, commission_base = 5000",
        # as if something had been credited
        "commission_base_posted = commission_base, commission_base = 50",
        "commission_percent = 50",
    ],
)
def test_base_and_percent_of_a_posted_invoice_stay(in_company_a, owner, seller, change):
    posted_invoice(owner, in_company_a.customer, salesperson=seller)

    with nothing_changes(), refused("document_frozen"):
        run(f"UPDATE ar_invoice SET {change}")


def test_base_stays_between_nothing_and_that_of_posting(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("4", "1000")])
    credited_one(owner, invoice)
    assert fresh(invoice).commission_base == 3000

    for change in (
        "commission_base = 4000.01",
        "commission_base = -0.01",
        "commission_base_posted = 9000",
        "commission_base_posted = NULL",
    ):
        with nothing_changes(), refused("document_frozen"):
            run(f"UPDATE ar_invoice SET {change}")


def test_base_of_a_credited_and_written_off_invoice_is_refreshed(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("4", "1000")])

    credited_one(owner, invoice)
    written_off(owner, fresh(invoice), "1725")
    check_now()

    invoice = fresh(invoice)
    assert (invoice.commission_base_posted, invoice.commission_base) == (4000, Decimal(1500))


def test_salesperson_of_a_paid_invoice_stays(in_company_a, owner, seller):
    paid_invoice(owner, in_company_a.customer, salesperson=seller)

    with nothing_changes(), refused("document_frozen"):
        run("UPDATE ar_invoice SET salesperson_id = NULL, commission_percent = NULL")


def test_salesperson_of_an_open_invoice_brings_a_percent(in_company_a, owner, seller):
    posted_invoice(owner, in_company_a.customer)

    assert run("UPDATE ar_invoice SET salesperson_id = %s, commission_percent = 7", [seller]) == 1


def test_draft_has_no_such_rule(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)

    assert run("UPDATE ar_invoice SET commission_base = 5, commission_percent = 7") == 1
