"""Settling beyond receipts: bills, refunds, credits anywhere, discounts, small differences, withholding, undo (SP-5)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import Invoice
from ar.signals import invoice_reopened
from core.dates import local_today
from core.errors import DomainError
from documents.errors import UnknownParty
from ledger.models import JournalEntry, JournalLine
from payments.errors import AllocationUndone, DifferenceTooLarge, InvoiceLocked
from payments.models import Allocation, Payment
from payments.posting import Party
from payments.selectors.open_items import open_credits, proposal_of
from payments.services.allocating import credit_allocate, payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part
from payments.sides import CUSTOMER, SUPPLIER
from payments.strategies import UnknownOpenItem
from tenancy.errors import PermissionRefused
from tenancy.models import Company
from tests.builders import (
    credited_one,
    days_ago,
    fresh,
    line,
    locked_invoice,
    payment,
    posted_invoice,
    voided_invoice,
)
from tests.buying import again, cost, credited, posted_bill, supplier
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db

D = Decimal


def moved(role):
    """Return debits less credits of the account of a role."""
    sums = JournalLine.objects.filter(account__role=role).aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    return (sums["debit"] or D(0)) - (sums["credit"] or D(0))


def pay(actor, party, amount, **fields):
    return payment(actor, party, amount, direction="out", **fields)


# ---- bills and suppliers


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


# ---- customers


def test_refund_pays_back_credit_and_money_on_account(in_company_a, owner):
    """R5: D receivables, C bank; oldest credit first."""
    customer = in_company_a.customer
    payment(owner, customer, "100", date=local_today() - dt.timedelta(days=1))
    invoice = posted_invoice(owner, customer)
    payment(owner, customer, "115", allocations=[(invoice, "115")])
    note = credited_one(owner, invoice)
    check_now()
    assert moved("ar_control") == -215

    refund = pay(owner, customer, "150")
    check_now()
    assert moved("ar_control") == -65
    assert {row.source_amount for row in Allocation.objects.filter(refund_id=refund.pk)} == {
        D(100),
        D(50),
    }
    assert again(note).open_amount == 65
    payment_void(payment_id=refund.pk, actor=owner, reason="Wrong IBAN")
    check_now()
    assert moved("ar_control") == -215


def test_refund_names_its_credits(in_company_a, owner):
    received = payment(owner, in_company_a.customer, "100")
    with refuses(DomainError, code="over_allocated"):
        pay(
            owner,
            in_company_a.customer,
            "200",
            strategy="manual",
            allocations_typed=((received.pk, D(101)),),
        )
    refund = pay(
        owner,
        in_company_a.customer,
        "40",
        strategy="manual",
        allocations_typed=((received.pk, D(40)),),
    )
    check_now()
    assert refund.allocated_amount == 40


def test_refund_is_covered_by_a_credit_that_comes_later(in_company_a, owner):
    customer = in_company_a.customer
    refund = pay(owner, customer, "30")
    assert refund.allocated_amount == 0
    payment(owner, customer, "30", strategy="none")
    payment_allocate(payment_id=refund.pk, actor=owner)
    check_now()
    assert Payment.objects.get(pk=refund.pk).open_amount == 0
    assert open_credits(CUSTOMER, party_id=customer.pk) == []


def test_credit_note_settles_any_open_invoice_of_its_customer(in_company_a, owner):
    customer = in_company_a.customer
    invoice, other = posted_invoice(owner, customer), posted_invoice(owner, customer)
    payment(owner, customer, "115", allocations=[(invoice, "115")])
    note = credited_one(owner, invoice)
    stranger = posted_invoice(owner, in_company_a.other_customer)
    party = Party(CUSTOMER, customer.pk)

    with refuses(UnknownOpenItem, field="allocations.0.invoice"):
        credit_allocate(
            credit_id=note.pk, party=party, actor=owner, allocations=(Part(stranger.pk, D(10)),)
        )
    credit_allocate(credit_id=note.pk, party=party, strategy="fifo", actor=owner)
    check_now()
    assert (fresh(other).status, again(note).status) == ("paid", "paid")
    row = Allocation.objects.get(credit_note_id=note.pk)
    allocation_undo(allocation_id=row.pk, actor=owner)
    check_now()
    assert (fresh(other).status, again(note).status) == ("posted", "posted")


def test_payment_has_one_party(in_company_a, owner):
    with refuses(UnknownParty, field="customer"):
        payment(owner, in_company_a.customer, "10", supplier_id=supplier(owner).pk)


def test_held_invoice_is_settled_by_hand_only(in_company_a, owner):
    held, free = (posted_invoice(owner, in_company_a.customer) for _ in range(2))
    Invoice.objects.filter(pk=held.pk).update(settlement_hold="disputed")

    proposed = proposal_of(
        party="customer",
        party_id=in_company_a.customer.pk,
        currency="SAR",
        amount=D(200),
        strategy="fifo",
    )
    assert {item.id: (part, item.held) for item, part in proposed} == {
        held.pk: (0, "disputed"),
        free.pk: (115, ""),
    }
    payment(owner, in_company_a.customer, "200")
    assert (fresh(held).status, fresh(free).status) == ("posted", "paid")
    payment(owner, in_company_a.customer, "115", allocations=[(held, "115")])
    assert fresh(held).status == "paid"


# ---- what is given up


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


# ---- undo


def test_one_allocation_is_undone_and_the_rest_stays(in_company_a, owner):
    first, second = (posted_invoice(owner, in_company_a.customer) for _ in range(2))
    made = payment(owner, in_company_a.customer, "230")
    row = Allocation.objects.get(invoice_id=first.pk)
    mirror = allocation_undo(allocation_id=row.pk, actor=owner)
    check_now()

    assert (mirror.undoes_id, mirror.amount) == (row.pk, -115)
    assert (fresh(first).status, fresh(second).status) == ("posted", "paid")
    stored = Payment.objects.get(pk=made.pk)
    assert (stored.status, stored.open_amount) == ("posted", 115)
    for key in (row.pk, mirror.pk):
        with refuses(AllocationUndone):
            allocation_undo(allocation_id=key, actor=owner)


def test_reopened_invoices_are_announced(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    heard = []

    def listen(sender, invoice_ids, date, **_):
        heard.append((invoice_ids, date))

    invoice_reopened.connect(listen)
    try:
        payment(owner, in_company_a.customer, "15", allocations=[(invoice, "15")])
        allocation_undo(allocation_id=Allocation.objects.get().pk, actor=owner)
        assert heard == []
        made = payment(owner, in_company_a.customer, "115")
        payment_void(payment_id=made.pk, actor=owner, reason="Bounced")
    finally:
        invoice_reopened.disconnect(listen)
    assert heard == [([invoice.pk], made.date)]


def test_what_a_void_invoice_or_a_locked_one_was_settled_by_stays(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)
    with refuses(DomainError, code="document_void"):
        allocation_undo(allocation_id=Allocation.objects.get().pk, actor=owner)
    locked = locked_invoice(owner, in_company_a.customer)
    with refuses(InvoiceLocked):
        payment(owner, in_company_a.customer, "10", allocations=[(locked, "10")])


def test_undo_and_reversal_are_not_dated_before(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    made = payment(owner, in_company_a.customer, "115")
    before = local_today().replace(year=local_today().year - 1)

    with refuses(DomainError, field="date"):
        allocation_undo(allocation_id=Allocation.objects.get().pk, actor=owner, date=before)
    with refuses(DomainError, field="date"):
        payment_void(payment_id=made.pk, actor=owner, reason="x", date=before)
    with refuses(DomainError, field="date"):
        payment_allocate(
            payment_id=payment(owner, in_company_a.customer, "5", strategy="none").pk,
            actor=owner,
            date=before,
            strategy="manual",
            allocations=(Part(posted_invoice(owner, in_company_a.customer).pk, D(5)),),
        )


@pytest.mark.parametrize("role", ["cashier", "sales", "auditor"])
def test_who_may_undo(company_a, role):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
        payment(owner, company_a.customer, "115")
        key = Allocation.objects.get().pk
    with company_a.acting(role) as person, refuses(PermissionRefused):
        allocation_undo(allocation_id=key, actor=person)


def test_company_may_settle_by_date_of_the_document(in_company_a, owner):
    """Option of accounting.md section 6: the oldest document first, whenever it is due."""
    customer = in_company_a.customer
    old = posted_invoice(owner, customer, issue_date=days_ago(30), due_date=days_ago(1))
    due = posted_invoice(owner, customer, issue_date=days_ago(20), due_date=days_ago(10))
    payment(owner, customer, "15")
    assert (fresh(old).allocated_amount, fresh(due).allocated_amount) == (0, 15)

    Company.objects.filter(pk=in_company_a.id).update(settle_by_issue_date=True)
    payment(owner, customer, "15")
    assert (fresh(old).allocated_amount, fresh(due).allocated_amount) == (15, 15)
