"""Reversing a receipt: mirror rows undo its allocations, invoices reopen, the journal is mirrored (R6, P4)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ledger.models import JournalLine, Period
from payments.errors import PaymentVoid
from payments.models import Allocation, Payment
from payments.services.allocating import payment_allocate
from payments.services.reversing import payment_void
from tenancy.errors import PermissionRefused
from tests.builders import fresh, paid_invoice, payment, posted_invoice
from tests.database import check_now, nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db


def test_invoices_reopen_and_books_balance_to_nothing(in_company_a, owner):
    first, second = (posted_invoice(owner, in_company_a.customer) for _ in range(2))
    received = payment(owner, in_company_a.customer, "150")
    assert (fresh(first).status, fresh(second).status) == ("paid", "partially_paid")

    void = payment_void(payment_id=received.pk, actor=owner)
    check_now()

    assert (void.status, void.allocated_amount) == ("void", Decimal(0))
    for invoice in (first, second):
        assert (fresh(invoice).status, fresh(invoice).allocated_amount, fresh(invoice).paid_at) == (
            "posted",
            Decimal(0),
            None,
        )
    assert Allocation.objects.aggregate(n=Sum("amount"))["n"] == 0
    sums = JournalLine.objects.filter(entry__book="REC").aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    assert sums == {"debit": Decimal(300), "credit": Decimal(300)}


def test_reversed_payment_does_nothing_more(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "10")
    payment_void(payment_id=received.pk, actor=owner)
    posted_invoice(owner, in_company_a.customer)

    with refuses(PaymentVoid):
        payment_void(payment_id=received.pk, actor=owner)
    with refuses(PaymentVoid):
        payment_allocate(payment_id=received.pk, actor=owner)


def test_other_money_on_the_invoice_stays(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    payment(owner, in_company_a.customer, "15")
    second = payment(owner, in_company_a.customer, "100")

    payment_void(payment_id=second.pk, actor=owner)

    assert (fresh(invoice).allocated_amount, fresh(invoice).status) == (
        Decimal(15),
        "partially_paid",
    )


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_roles_that_do_not_reverse_are_refused(company_a, role):
    with company_a.acting() as owner:
        received = payment(owner, company_a.customer, "10")
    with company_a.acting(role) as person, refuses(PermissionRefused):
        payment_void(payment_id=received.pk, actor=person)


def test_payment_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = payment(owner_b, company_b.customer, "10")
    with company_a.acting() as owner, refuses(Exception, code="not_found"):
        payment_void(payment_id=foreign.pk, actor=owner)


def test_reversal_into_a_closed_period_changes_nothing(in_company_a, owner):
    invoice = paid_invoice(owner, in_company_a.customer)
    received = Payment.objects.get()
    period = Period.objects.get(start_date__lte=received.date, end_date__gte=received.date)
    run("UPDATE ledger_period SET state = 'closed' WHERE id = %s", [period.pk])

    with nothing_changes(), refused("period_closed"):
        payment_void(payment_id=received.pk, actor=owner)
    assert fresh(invoice).status == "paid"
