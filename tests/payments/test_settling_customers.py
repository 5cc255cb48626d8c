"""Settling with customers beyond receipts: refunds, credit notes, what is held back (SP-5)."""

import datetime as dt
from decimal import Decimal

import pytest

from ar.models import Invoice
from core.dates import local_today
from core.errors import DomainError
from documents.errors import UnknownParty
from payments.models import Allocation, Payment
from payments.posting import Party
from payments.selectors.open_items import open_credits, proposal_of
from payments.services.allocating import credit_allocate, payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part
from payments.sides import CUSTOMER
from payments.strategies import UnknownOpenItem
from tests.builders import (
    credited_one,
    fresh,
    payment,
    posted_invoice,
)
from tests.buying import again, supplier
from tests.database import check_now, refuses
from tests.payments.settled import moved, pay

pytestmark = pytest.mark.django_db

D = Decimal


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
