"""Settlements undone and reversed: what opens again, from which day, and who may (SP-5)."""

from decimal import Decimal

import pytest

from ar.signals import invoice_reopened
from core.dates import local_today
from core.errors import DomainError
from payments.errors import AllocationUndone, InvoiceLocked
from payments.models import Allocation, Payment
from payments.services.allocating import payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.settlement import Part
from tenancy.errors import PermissionRefused
from tenancy.models import Company
from tests.builders import (
    days_ago,
    fresh,
    locked_invoice,
    payment,
    posted_invoice,
    voided_invoice,
)
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db

D = Decimal


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
