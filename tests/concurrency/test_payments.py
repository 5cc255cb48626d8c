"""Many receipts at the same moment never settle more than is open, and never deadlock (P1, P2, SP-5)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ap.models import Bill
from ar.models import Invoice
from commissions.models import CommissionSnapshot
from payments.models import Allocation, Payment
from payments.posting import Party
from payments.services.allocating import credit_allocate, payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part
from payments.sides import CUSTOMER
from tests.builders import credited_one, line, payment, posted_invoice
from tests.buying import posted_bill, supplier
from tests.concurrency.test_posting import books_balance
from tests.concurrency.workers import at_once, refusals

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def settled_by_allocations():
    """Return whether the kept sums of every invoice and payment equal their allocations."""
    for model, key in ((Invoice, "invoice_id"), (Payment, "payment_id")):
        sums = dict(Allocation.objects.values_list(key).annotate(n=Sum("amount")))
        for pk, kept in model.objects.values_list("pk", "allocated_amount"):
            if sums.get(pk, 0) != kept:
                return False
    return True


def test_fifty_payments_with_room_for_ten_give_exactly_ten(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(
            owner,
            company_a.customer,
            [line("1", "100", vat_rate="0")],
            salesperson=company_a.users["sales"].pk,
        )
    principal = company_a.principal("cashier")

    def pay(_):
        with company_a.scope("cashier"):
            return payment(principal, company_a.customer, "10", allocations=[(invoice, "10")])

    results = at_once(pay, range(50))

    assert len(refusals(results)) == 40
    assert {error.code for error in refusals(results)} <= {"over_allocated", "unknown_open_item"}
    with company_a.acting():
        assert Payment.objects.count() == Allocation.objects.count() == 10
        stored = Invoice.objects.get()
        assert (stored.status, stored.allocated_amount) == ("paid", Decimal(100))
        assert CommissionSnapshot.objects.count() == 1
        assert sorted(Payment.objects.values_list("sequence_number", flat=True)) == list(
            range(1, 11)
        )
        assert settled_by_allocations()
        assert books_balance()


def test_first_in_first_out_by_many_leaves_no_contradiction(company_a):
    with company_a.acting() as owner:
        for _ in range(6):
            posted_invoice(owner, company_a.customer)
    principal = company_a.principal("owner")

    def pay(_):
        with company_a.scope():
            return payment(principal, company_a.customer, "60")

    assert refusals(at_once(pay, range(20))) == []
    with company_a.acting():
        assert settled_by_allocations()
        assert books_balance()
        allocated = Invoice.objects.aggregate(n=Sum("allocated_amount"))["n"]
        assert allocated <= 6 * 115


def test_receipts_and_reversals_at_once_do_not_deadlock(company_a):
    """A reversal and a receipt touch the same invoice and the same accounts: both lock the invoice first."""
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer, [line("1", "1000", vat_rate="0")])
        made = [
            payment(owner, company_a.customer, "10", allocations=[(invoice, "10")]).pk
            for _ in range(12)
        ]
    principal = company_a.principal("owner")

    def work(job):
        kind, key = job
        with company_a.scope():
            if kind == "void":
                return payment_void(payment_id=key, actor=principal)
            return payment(principal, company_a.customer, "5", allocations=[(invoice, "5")])

    results = at_once(work, [("void", key) for key in made] + [("pay", None)] * 12)

    assert refusals(results) == []
    with company_a.acting():
        assert Invoice.objects.get().allocated_amount == 60
        assert settled_by_allocations()
        assert books_balance()


def test_one_credit_used_by_many_is_used_once(company_a):
    with company_a.acting() as owner:
        received = payment(owner, company_a.customer, "115")
        for _ in range(3):
            posted_invoice(owner, company_a.customer)
    principal = company_a.principal("owner")

    def allocate(_):
        with company_a.scope():
            return payment_allocate(payment_id=received.pk, actor=principal)

    at_once(allocate, range(10))

    with company_a.acting():
        assert Allocation.objects.aggregate(n=Sum("amount"))["n"] == 115
        assert Invoice.objects.filter(status="paid").count() == 1


def test_payment_reversed_by_many_is_reversed_once(company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
        received = payment(owner, company_a.customer, "115")
    principal = company_a.principal("owner")

    def void(_):
        with company_a.scope():
            return payment_void(payment_id=received.pk, actor=principal)

    assert len(refusals(at_once(void, range(8)))) == 7
    with company_a.acting():
        assert settled_by_allocations()
        assert books_balance()


def test_fifty_payments_of_one_bill_pay_it_once(company_a):
    """The other side: 50 people pay the same bill at once; none is lost, none hangs, none pays twice."""
    with company_a.acting() as owner:
        party = supplier(owner)
        bill = posted_bill(owner, party)
    principal = company_a.principal("accountant")

    def pay(_):
        with company_a.scope("accountant"):
            return payment(principal, party, "23", direction="out", allocations=[(bill, "23")])

    results = at_once(pay, range(50))

    assert len(refusals(results)) == 45
    with company_a.acting():
        stored = Bill.objects.get()
        assert (stored.status, stored.allocated_amount) == ("paid", Decimal(115))
        assert sorted(Payment.objects.values_list("sequence_number", flat=True)) == [1, 2, 3, 4, 5]
        assert books_balance()


def test_fifty_payments_without_naming_documents_lose_no_money(company_a):
    """First in, first out by fifty at once: what does not settle stays on account; every request is answered."""
    with company_a.acting() as owner:
        for _ in range(3):
            posted_invoice(owner, company_a.customer)
    principal = company_a.principal("cashier")

    def pay(_):
        with company_a.scope("cashier"):
            return payment(principal, company_a.customer, "10")

    assert refusals(at_once(pay, range(50))) == []
    with company_a.acting():
        assert Payment.objects.aggregate(n=Sum("amount"))["n"] == 500
        assert Invoice.objects.aggregate(n=Sum("allocated_amount"))["n"] <= 345
        assert settled_by_allocations()
        assert books_balance()


def test_undoing_races_allocating_and_reversing(company_a):
    """Each allocation is undone once, whoever else uses the money or the invoice at that moment."""
    with company_a.acting() as owner:
        invoices = [posted_invoice(owner, company_a.customer) for _ in range(4)]
        made = [
            payment(owner, company_a.customer, "115", allocations=[(invoice, "115")]).pk
            for invoice in invoices
        ]
        rows = list(Allocation.objects.order_by("id").values_list("pk", flat=True))
    principal = company_a.principal("owner")

    def work(job):
        kind, key = job
        with company_a.scope():
            if kind == "undo":
                return allocation_undo(allocation_id=key, actor=principal)
            if kind == "void":
                return payment_void(payment_id=key, actor=principal)
            return payment_allocate(payment_id=key, actor=principal)

    jobs = [
        *(("undo", key) for key in rows),
        *(("undo", key) for key in rows),
        *(("allocate", key) for key in made),
        ("void", made[0]),
        *(("allocate", key) for key in made),
    ]
    results = at_once(work, jobs)

    assert {error.code for error in refusals(results)} <= {
        "allocation_undone",
        "payment_void",
        "over_allocated",
    }
    with company_a.acting():
        assert settled_by_allocations()
        assert books_balance()
        undone = Allocation.objects.filter(undoes__isnull=False)
        assert undone.count() == undone.values("undoes").distinct().count()
        assert Payment.objects.get(pk=made[0]).status == "void"


def test_one_credit_note_used_by_many_is_used_once(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
        payment(owner, company_a.customer, "115")
        note = credited_one(owner, invoice)
        others = [posted_invoice(owner, company_a.customer).pk for _ in range(3)]
    principal = company_a.principal("owner")
    party = Party(CUSTOMER, company_a.customer.pk)

    def use(key):
        with company_a.scope():
            return credit_allocate(
                credit_id=note.pk,
                party=party,
                actor=principal,
                allocations=(Part(key, Decimal(115)),),
            )

    assert len(refusals(at_once(use, others * 3))) == 8
    with company_a.acting():
        assert Invoice.objects.filter(pk__in=others, status="paid").count() == 1
        assert settled_by_allocations()
