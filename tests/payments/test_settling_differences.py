"""What is given up when settling: discounts and small differences, and who may (SP-5)."""

from decimal import Decimal

import pytest

from core.errors import DomainError
from payments.errors import DifferenceTooLarge
from payments.services.reversing import payment_void
from payments.settlement import Part
from tenancy.errors import PermissionRefused
from tenancy.models import Company
from tests.builders import (
    fresh,
    line,
    payment,
    posted_invoice,
)
from tests.buying import posted_bill, supplier
from tests.database import check_now, refuses
from tests.payments.settled import moved, pay

pytestmark = pytest.mark.django_db

D = Decimal


def test_discount_without_credit_note_is_borne_whole(in_company_a, owner):
    """S11: VAT stays with us; the allocation closes the invoice."""
    invoice = posted_invoice(owner, in_company_a.customer, [line("1", "1000")])
    made = payment(
        owner,
        in_company_a.customer,
        "1127",
        strategy="manual",
        allocations_typed=(Part(invoice.pk, D(1150), discount=D(23)),),
    )
    check_now()
    assert fresh(invoice).status == "paid"
    assert (moved("settlement_discount_allowed"), moved("ar_control")) == (23, 0)
    assert made.amount == made.allocated_amount

    payment_void(payment_id=made.pk, actor=owner, reason="Bounced")
    check_now()
    assert (moved("settlement_discount_allowed"), moved("ar_control")) == (0, 1150)


def test_discount_from_a_supplier_is_a_rebate(in_company_a, owner):
    party = supplier(owner)
    bill = posted_bill(owner, party)
    pay(
        owner,
        party,
        "113",
        strategy="manual",
        allocations_typed=(Part(bill.pk, D(115), discount=D(2)),),
    )
    check_now()
    assert (moved("supplier_rebates"), moved("ap_control")) == (-2, 0)


def test_small_difference_is_written_off_within_limits(in_company_a, owner):
    """R4: own permission, a limit for the document and for the day, only where it closes the document."""
    customer = in_company_a.customer
    Company.objects.filter(pk=in_company_a.id).update(small_difference_day_limit=D("1.50"))

    def short(amount, difference):
        invoice = posted_invoice(owner, customer)
        part = Part(invoice.pk, D(amount) + D(difference), write_off=D(difference))
        payment(owner, customer, amount, strategy="manual", allocations_typed=(part,))
        return invoice

    with refuses(DifferenceTooLarge, field="allocations.0.write_off"):
        short("113.99", "1.01")
    with refuses(DomainError, field="allocations.0.write_off"):
        short("100", "1")
    first = short("114", "1")
    check_now()
    assert fresh(first).status == "paid"
    assert moved("small_difference_write_off") == 1
    with refuses(DifferenceTooLarge, field="allocations.0.write_off"):
        short("114.40", "0.60")
    short("114.50", "0.50")
    assert moved("small_difference_write_off") == D("1.50")


def test_giving_up_money_needs_its_own_right(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    with company_a.acting("cashier") as cashier:
        for part in (
            Part(invoice.pk, D(115), write_off=D(1)),
            Part(invoice.pk, D(115), discount=D(1)),
        ):
            with refuses(PermissionRefused):
                payment(
                    cashier,
                    company_a.customer,
                    "114",
                    strategy="manual",
                    allocations_typed=(part,),
                )
        with refuses(PermissionRefused):
            pay(cashier, company_a.customer, "1")
