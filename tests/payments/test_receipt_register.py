"""Money in: FIFO, LIFO or as typed; never more than the payment, never more than is open (SP-5, P1 to P3)."""

import uuid
from decimal import Decimal

import pytest

from ar.services.customers import customer_update
from core.dates import local_today
from core.errors import DomainError
from documents.errors import UnknownParty
from ledger.models import JournalEntry
from payments.errors import UnknownPaymentAccount
from payments.models import Allocation, PaymentAccount
from payments.selectors.open_items import proposal_of
from payments.services.allocating import payment_allocate
from payments.strategies import OverAllocated, UnknownOpenItem, UnknownStrategy, WrongAllocation
from tenancy.errors import PermissionRefused
from tests.builders import (
    days_ago,
    draft_invoice,
    fresh,
    line,
    payment,
    posted_invoice,
    voided_invoice,
)
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_items(in_company_a, owner):
    """The worked example of the accounting rules: four open invoices."""
    customer = in_company_a.customer
    rows = [("1000", 40, 10), ("500", 25, 8), ("2000", 20, 5), ("200", 15, 12)]
    return [
        posted_invoice(
            owner, customer, [line("1", net)], issue_date=days_ago(issued), due_date=days_ago(due)
        )
        for net, issued, due in rows
    ]


@pytest.mark.parametrize(
    ("strategy", "amount", "parts"),
    [
        ("fifo", "2000", ["1150.00", "575.00", "45.00", "230.00"]),
        ("lifo", "2000", ["0", "0", "2000.00", "0"]),
        ("fifo_by_issue_date", "2000", ["1150.00", "575.00", "275.00", "0"]),
        ("fifo", "5000", ["1150.00", "575.00", "2300.00", "230.00"]),
    ],
)
def test_worked_examples_of_the_strategies(
    in_company_a, owner, open_items, strategy, amount, parts
):
    received = payment(owner, in_company_a.customer, amount, strategy=strategy)
    check_now()

    assert [fresh(item).allocated_amount for item in open_items] == [
        Decimal(part) for part in parts
    ]
    assert received.allocated_amount == sum(Decimal(part) for part in parts)


def test_manual_allocations_are_taken_as_typed(in_company_a, owner, open_items):
    _, second, third, _ = open_items

    received = payment(
        owner, in_company_a.customer, "2000", allocations=[(second, "575"), (third, "1000")]
    )

    assert received.amount - received.allocated_amount == Decimal(425)
    assert (fresh(second).status, fresh(third).status) == ("paid", "partially_paid")
    assert fresh(second).paid_at is not None
    assert fresh(third).paid_at is None


def test_proposal_changes_nothing_and_equals_the_registration(in_company_a, owner, open_items):
    proposed = {
        item.id: part
        for item, part in proposal_of(
            party="customer",
            party_id=in_company_a.customer.pk,
            currency="SAR",
            amount=Decimal(2000),
            strategy="fifo",
            date=local_today(),
        )
        if part
    }
    assert not Allocation.objects.exists()
    payment(owner, in_company_a.customer, "2000")

    assert dict(Allocation.objects.values_list("invoice_id", "amount")) == proposed


def test_receipt_has_number_and_journal(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "10")
    check_now()

    assert received.number == f"REC-{local_today().year}-00001"
    entry = JournalEntry.objects.get(source_id=received.pk)
    assert (entry.book, entry.total) == ("REC", Decimal(10))


@pytest.mark.parametrize(
    ("part", "error", "field"),
    [
        ("115.01", OverAllocated, "allocations.0.amount"),
        ("0", WrongAllocation, "allocations.0.amount"),
        ("-5", WrongAllocation, "allocations.0.amount"),
    ],
)
def test_allocation_out_of_bounds_is_refused(in_company_a, owner, part, error, field):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(error, field=field):
        payment(owner, in_company_a.customer, "500", allocations=[(invoice, part)])


def test_allocations_larger_than_the_payment_are_refused(in_company_a, owner):
    first, second = (posted_invoice(owner, in_company_a.customer) for _ in range(2))

    with refuses(OverAllocated, field="allocations"):
        payment(owner, in_company_a.customer, "150", allocations=[(first, "100"), (second, "100")])


def test_one_invoice_is_named_once(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(WrongAllocation, field="allocations.1.invoice"):
        payment(owner, in_company_a.customer, "100", allocations=[(invoice, "50"), (invoice, "50")])


def test_invoice_of_another_customer_draft_or_void_is_no_open_item(in_company_a, owner):
    other = posted_invoice(owner, in_company_a.other_customer)
    draft = draft_invoice(owner, in_company_a.customer)
    void, _ = voided_invoice(owner, in_company_a.customer)

    for invoice in (other, draft, void):
        with refuses(UnknownOpenItem, field="allocations.0.invoice"):
            payment(owner, in_company_a.customer, "10", allocations=[(invoice, "10")])


def test_invoice_of_another_company_is_no_open_item(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = posted_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner:
        with refuses(UnknownOpenItem, field="allocations.0.invoice"):
            payment(owner, company_a.customer, "10", allocations=[(foreign, "10")])
        with refuses(UnknownParty, field="customer"):
            payment(owner, company_b.customer, "10")
        with refuses(UnknownPaymentAccount, field="payment_account"):
            payment(owner, company_a.customer, "10", account=company_b.till)


@pytest.mark.parametrize("amount", ["0", "-1", "10.001", "1.005"])
def test_amount_is_positive_and_in_whole_minor_units(in_company_a, owner, amount):
    with refuses(DomainError, field="amount"):
        payment(owner, in_company_a.customer, amount)


def test_unknown_strategy_is_refused(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "10")

    with refuses(UnknownStrategy, field="strategy"):
        payment(owner, in_company_a.customer, "10", strategy="random")
    with refuses(UnknownStrategy, field="strategy"):
        payment_allocate(payment_id=received.pk, actor=owner, strategy="random")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("accountant", True), ("cashier", True), ("sales", False), ("auditor", False)],
)
def test_who_may_take_money(company_a, role, allowed):
    with company_a.acting(role) as person:
        if allowed:
            assert payment(person, company_a.customer, "10").created_by_id == person.user_id
        else:
            with refuses(PermissionRefused):
                payment(person, company_a.customer, "10")


def test_inactive_customer_still_pays_and_inactive_till_takes_nothing(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    customer_update(
        customer_id=in_company_a.customer.pk, values={"is_active": False}, version=None, actor=owner
    )

    payment(owner, in_company_a.customer, invoice.total)
    assert fresh(invoice).status == "paid"

    PaymentAccount.objects.filter(pk=in_company_a.till.pk).update(is_active=False)
    with refuses(UnknownPaymentAccount, field="payment_account"):
        payment(owner, in_company_a.customer, "1", account=in_company_a.till)


def test_rest_on_account_is_used_later(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "200")
    invoice = posted_invoice(owner, in_company_a.customer)

    used = payment_allocate(payment_id=received.pk, actor=owner)
    check_now()

    assert (used.allocated_amount, used.open_amount) == (Decimal(115), Decimal(85))
    assert fresh(invoice).status == "paid"


def test_allocation_is_dated_by_the_later_of_the_two(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "10")
    tomorrow = days_ago(-1)
    invoice = posted_invoice(owner, in_company_a.customer, issue_date=tomorrow)

    payment_allocate(
        payment_id=received.pk,
        actor=owner,
        strategy="manual",
        allocations=((invoice.pk, Decimal(10)),),
    )
    assert Allocation.objects.get().date.isoformat() == tomorrow


def test_unknown_payment_is_not_found(in_company_a, owner):
    with refuses(DomainError, code="not_found"):
        payment_allocate(payment_id=uuid.uuid4(), actor=owner)
