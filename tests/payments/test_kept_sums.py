"""What is settled on an item of any kind is the sum of its allocations, and when it was paid stays (P1, P2, RR-6)."""

import pytest

from tests.builders import paid_invoice, payment, voided_invoice
from tests.buying import credited, posted_bill, supplier
from tests.database import nothing_changes, refused, run
from tests.payments.settled import pay

KINDS = ("ar_invoice", "ar_creditnote", "ap_bill", "ap_suppliercredit", "payments_payment")


@pytest.fixture
def company(company_a):
    """A company with a settled item of every kind; money has given to an invoice and taken back what was on account."""
    with company_a.acting() as owner:
        paid_invoice(owner, company_a.customer)
        voided_invoice(owner, company_a.customer)
        payment(owner, company_a.customer, "80", strategy="none")
        pay(owner, company_a.customer, "80")
        vendor = supplier(owner)
        pay(owner, vendor, "115", allocations=[(posted_bill(owner, vendor), "115")])
        credited(owner, posted_bill(owner, vendor))
    return company_a


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", KINDS)
def test_the_sum_of_the_allocations_is_taken_and_no_other(company, sec, table):
    move = (
        f"UPDATE {table} SET allocated_amount = allocated_amount + %s, allocated_base = allocated_base + %s "
        "WHERE allocated_base > 0 AND status <> 'void'"
    )
    with sec.transaction():
        sec.execute("SET LOCAL session_replication_role = replica")
        assert sec.execute(move, [-2, -2]).rowcount > 0

    with company.acting():
        for wrong in ([1, 1], [-1, -1]):
            with nothing_changes(), refused("settled_by_allocations"):
                run(move, wrong)
        assert run(move, [2, 2]) > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["ar_invoice", "ap_bill"])
def test_moment_of_payment_stays(company, table):
    with company.acting():
        for moment in ("'2020-01-01'", "NULL"):
            with nothing_changes(), refused("document_frozen"):
                run(f"UPDATE {table} SET paid_at = {moment} WHERE status = 'paid'")
