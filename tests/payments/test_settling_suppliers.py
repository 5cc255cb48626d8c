"""Settling with suppliers: payments out, withheld tax, advances, supplier credits, refunds (SP-5)."""

from decimal import Decimal

import pytest

from core.dates import local_today
from core.errors import DomainError
from ledger.models import JournalEntry
from payments.models import Allocation, Payment
from payments.posting import Party
from payments.services.allocating import credit_allocate, payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part
from payments.sides import SUPPLIER
from tenancy.models import Company
from tests.builders import (
    days_ago,
    payment,
)
from tests.buying import again, cost, credited, posted_bill, supplier
from tests.database import check_now, refuses
from tests.payments.settled import moved, pay

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.mark.parametrize(
    ("strategy", "parts"), [("fifo", ["115", "35"]), ("lifo", ["35", "115"]), ("none", ["0", "0"])]
)
def test_payment_out_settles_bills(in_company_a, owner, strategy, parts):
    party = supplier(owner)
    bills = [
        posted_bill(owner, party, issue_date=days_ago(30 - n), due_date=days_ago(10 - n))
        for n in range(2)
    ]
    made = pay(owner, party, "150", strategy=strategy)
    check_now()

    assert made.number == f"PAY-{local_today().year}-00001"
    assert [again(bill).allocated_amount for bill in bills] == [D(part) for part in parts]
    assert moved("ap_control") == D("-230") + 150
    assert moved("cash_main") == -150
    entry = JournalEntry.objects.get(source_id=made.pk)
    assert entry.book == "PAY"


def test_reversed_payment_out_opens_its_bills(in_company_a, owner):
    party = supplier(owner)
    bill = posted_bill(owner, party)
    made = pay(owner, party, "115")
    assert again(bill).status == "paid"

    payment_void(payment_id=made.pk, actor=owner, reason="Wrong account")
    check_now()
    assert (again(bill).status, moved("ap_control"), moved("cash_main")) == ("posted", -115, 0)
    stored = Payment.objects.get()
    assert (stored.status, stored.void_reason, stored.void_date) == (
        "void",
        "Wrong account",
        made.date,
    )


def test_withheld_tax_settles_with_the_money(in_company_a, owner):
    """P11: a bill of 1,000.00 paid by 950.00 and 50.00 owed to the authority."""
    party = supplier(owner)
    bill = posted_bill(owner, party, [cost("1", "1000", tax_code="PO")])
    made = pay(owner, party, "950", withholding_tax=D(50), allocations=[(bill, "1000")])
    check_now()

    assert (again(bill).status, made.allocated_amount) == ("paid", 1000)
    assert (moved("wht_payable"), moved("cash_main"), moved("ap_control")) == (-50, -950, 0)
    payment_void(payment_id=made.pk, actor=owner, reason="Bounced")
    check_now()
    assert (moved("wht_payable"), moved("ap_control")) == (0, -1000)


def test_tax_is_withheld_from_suppliers_only(in_company_a, owner):
    with refuses(DomainError, field="withholding_tax"):
        payment(owner, in_company_a.customer, "10", withholding_tax=D(1))
    with refuses(DomainError, field="withholding_tax"):
        pay(owner, supplier(owner), "10", withholding_tax=D("0.001"))


@pytest.mark.parametrize("setting", [True, False])
def test_advance_to_a_supplier_stands_where_the_company_wants_it(in_company_a, owner, setting):
    """P13, a setting: the rest waits on the advances account and comes off it when a bill uses it."""
    Company.objects.filter(pk=in_company_a.id).update(supplier_advances=setting)
    party = supplier(owner)
    made = pay(owner, party, "200")
    assert moved("supplier_advances") == (200 if setting else 0)

    bill = posted_bill(owner, party)
    payment_allocate(payment_id=made.pk, actor=owner)
    check_now()
    assert again(bill).status == "paid"
    assert moved("supplier_advances") == (85 if setting else 0)
    assert moved("ap_control") == (0 if setting else 85)

    allocation_undo(allocation_id=Allocation.objects.get().pk, actor=owner)
    check_now()
    assert moved("supplier_advances") == (200 if setting else 0)
    payment_void(payment_id=made.pk, actor=owner, reason="Returned")
    check_now()
    assert (moved("supplier_advances"), moved("ap_control")) == (0, -115)


def test_supplier_credit_settles_its_bill_then_any_other(in_company_a, owner):
    party = supplier(owner)
    bill, other = posted_bill(owner, party), posted_bill(owner, party)
    pay(owner, party, "100", allocations=[(bill, "100")])
    credit = credited(owner, bill)
    check_now()
    assert (again(bill).status, again(credit).allocated_amount) == ("paid", 15)

    credit_allocate(
        credit_id=credit.pk,
        party=Party(SUPPLIER, party.pk),
        actor=owner,
        allocations=(Part(other.pk, D(60)),),
    )
    check_now()
    assert (again(other).allocated_amount, again(credit).status) == (60, "partially_paid")


def test_refund_from_a_supplier_covers_the_credit(in_company_a, owner):
    party = supplier(owner)
    bill = posted_bill(owner, party)
    pay(owner, party, "115")
    credit = credited(owner, bill)
    back = payment(owner, party, "115", direction="in")
    check_now()

    assert back.number.startswith("REC-")
    assert (again(credit).status, moved("ap_control"), moved("cash_main")) == ("paid", 0, 0)
    assert Allocation.objects.get(refund_id=back.pk).supplier_credit_id == credit.pk
