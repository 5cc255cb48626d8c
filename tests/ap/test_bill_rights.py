"""Who may write, lock and void a bill, and what voiding takes back (SP-4, RR-4)."""

from decimal import Decimal

import pytest

from ap.models import PrepaidPart
from ap.services.bills import (
    bill_delete,
    bill_lock,
    bill_unlock,
    bill_update,
    bill_update_posted,
)
from ap.services.credits import bill_void
from ap.services.posting import bill_post
from documents.errors import (
    DocumentLocked,
    DocumentNotFound,
)
from tenancy.errors import PermissionRefused
from tests.buying import again, cost, draft_bill, journal, posted_bill, supplier, typed_bill
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_owner_and_accountant_write_bills(in_company_a, owner, landlord, role):
    bill = draft_bill(owner, landlord)
    actor = in_company_a.principal(role)

    for action in (
        lambda: draft_bill(actor, landlord),
        lambda: bill_update(bill_id=bill.pk, typed=typed_bill(owner, landlord), actor=actor),
        lambda: bill_post(bill_id=bill.pk, actor=actor),
        lambda: bill_delete(bill_id=bill.pk, actor=actor),
        lambda: bill_lock(bill_id=bill.pk, actor=actor),
    ):
        with refuses(PermissionRefused):
            action()


def test_locked_bill_waits_for_the_owner(in_company_a, owner, accountant, landlord):
    bill = posted_bill(owner, landlord)
    bill_lock(bill_id=bill.pk, actor=owner)

    with refuses(DocumentLocked):
        bill_update_posted(bill_id=bill.pk, changes={"notes": "x"}, version=None, actor=accountant)
    with refuses(DocumentLocked):
        bill_void(bill_id=bill.pk, actor=owner, reason="x")
    assert not bill_unlock(bill_id=bill.pk, actor=owner).is_locked


def test_bill_of_another_company_is_not_found(company_a, company_b):
    with company_a.acting() as owner:
        bill = posted_bill(owner, supplier(owner))
    with company_b.acting() as stranger, refuses(DocumentNotFound):
        bill_lock(bill_id=bill.pk, actor=stranger)


def test_void_takes_everything_back(in_company_a, owner, landlord):
    bill = posted_bill(
        owner,
        landlord,
        [cost("3", "3.33"), cost("1", "900", account="6310", prepaid_months="3")],
        document_discount="1",
    )

    credit = bill_void(bill_id=bill.pk, actor=owner, reason="Billed twice")
    check_now()

    assert again(bill).status == "void"
    assert (credit.number[:3], credit.total) == ("SC-", bill.total)
    assert again(credit).status == "paid"
    mirror = {number: (credit, debit) for number, (debit, credit) in journal(bill).items()}
    assert journal(credit) == mirror
    assert {part.amount for part in PrepaidPart.objects.all()} == {Decimal(0)}
