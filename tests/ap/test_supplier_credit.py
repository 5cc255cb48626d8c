"""Supplier credits (P9): in whole, in part, never more than was billed; and credits that name no bill."""

import datetime as dt
from decimal import Decimal

import pytest

from ap.models import PrepaidPart, SupplierCredit
from ap.selectors.crediting import creditable_lines
from ap.services.bills import bill_lock
from ap.services.credits import (
    bill_void,
    credit_create_posted,
    credit_delete,
    credit_draft_create,
    credit_draft_update,
    credit_post,
)
from ap.services.prepaid import prepaid_book
from ap.typed import parse_supplier_credit
from core.dates import local_today
from core.errors import ValidationErrors
from documents.crediting import Credited
from documents.errors import DocumentLocked, NotADraft, TransitionRefused
from documents.services import crediting
from ledger.models import JournalEntry
from reports.verify.run import verify_company
from tenancy.errors import PermissionRefused
from tests.buying import again, cost, credited, draft_bill, journal, posted_bill, supplier
from tests.database import check_now, refused, refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def landlord(in_company_a, owner):
    return supplier(owner)


def typed_credit(owner, party, lines=None, **fields):
    payload = {"supplier": str(party.pk), "lines": lines or [cost()], **fields}
    return parse_supplier_credit(payload, currency=owner.currency, today=local_today())


def test_part_of_a_line_comes_back_and_settles_the_bill(in_company_a, owner, landlord):
    item = in_company_a.items[0]
    bill = posted_bill(owner, landlord, [cost("10", "10", item=item), cost("1", "50")])
    line = bill.lines.get(position=1)

    credit = credited(owner, bill, [(line, 3)], supplier_number="CR-9")
    check_now()

    assert (credit.subtotal, credit.tax_amount, credit.total) == (
        Decimal(30),
        Decimal("4.50"),
        Decimal("34.50"),
    )
    assert journal(credit) == {
        "1310": (Decimal(0), Decimal(30)),
        "1410": (Decimal(0), Decimal("4.50")),
        "2110": (Decimal("34.50"), Decimal(0)),
    }
    bill = again(bill)
    assert (bill.status, bill.open_amount) == ("partially_paid", Decimal(138))
    assert (again(credit).status, credit.supplier_number) == ("paid", "CR-9")
    assert [row.quantity_left for row in creditable_lines(bill)] == [7, 1]


def test_credit_left_on_account_leaves_the_bill_open(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord)

    credit = credited(owner, bill, settle=False)

    assert (again(bill).open_amount, again(credit).open_amount) == (Decimal(115), Decimal(115))


def test_credits_add_up_to_the_bill_to_the_last_halala(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord, [cost("3", "33.33")], document_discount="0.99")
    line = bill.lines.get()

    parts = [credited(owner, bill, [(line, 1)]) for _ in range(3)]
    check_now()

    assert sum(part.total for part in parts) == bill.total
    assert sum(part.tax_amount for part in parts) == bill.tax_amount
    assert again(bill).status == "paid"


@pytest.mark.parametrize("quantity", ["4", "3.000001"])
def test_never_more_than_was_billed(in_company_a, owner, landlord, quantity):
    bill = posted_bill(owner, landlord, [cost("3", "10"), cost("1", "1")])
    line = bill.lines.get(position=1)

    with pytest.raises(ValidationErrors) as caught:
        credited(owner, bill, [(line, quantity)])

    assert {error.field for error in caught.value.errors} == {"lines.0.quantity"}
    credited(owner, bill, [(line, 2)])
    with pytest.raises(ValidationErrors):
        credited(owner, bill, [(line, 2)])
    assert SupplierCredit.objects.count() == 1


def test_database_takes_back_no_more_than_was_billed(in_company_a, owner, landlord, monkeypatch):
    bill = posted_bill(owner, landlord, [cost("3", "10")])
    line = bill.lines.get()
    credited(owner, bill, [(line, 2)], settle=False)

    # a service that forgets what was credited before
    monkeypatch.setattr(crediting, "credited_of", lambda how, document_id: Credited())
    with refused("credit_within_bill"):
        credited(owner, bill, [(line, 2)], settle=False)


def test_line_of_another_bill_is_refused(in_company_a, owner, landlord):
    bill, other = posted_bill(owner, landlord), posted_bill(owner, landlord)

    with pytest.raises(ValidationErrors) as caught:
        credited(owner, bill, [(other.lines.get(), 1)])

    assert {error.field for error in caught.value.errors} == {"lines.0.line"}


def test_draft_void_and_locked_bills_are_not_credited(in_company_a, owner, landlord):
    with refuses(TransitionRefused):
        credited(owner, draft_bill(owner, landlord))
    void = posted_bill(owner, landlord)
    bill_void(bill_id=void.pk, actor=owner, reason="Twice")
    with refuses(TransitionRefused):
        credited(owner, void)
    locked = posted_bill(owner, landlord)
    bill_lock(bill_id=locked.pk, actor=owner)
    with refuses(DocumentLocked):
        credited(owner, locked)


def test_credit_is_not_dated_before_its_bill(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord)

    with pytest.raises(Exception, match="before its bill") as caught:
        credited(owner, bill, date="2020-01-01")
    assert caught.value.field == "date"


def test_prepaid_months_to_come_are_lowered(in_company_a, owner, landlord):
    bill = posted_bill(
        owner,
        landlord,
        [cost("3", "3000", account="6310", prepaid_months="3", prepaid_start="2026-01-01")],
    )
    first = PrepaidPart.objects.order_by("date").first()
    # as the monthly run does
    first.entry_id = JournalEntry.objects.get(source_id=bill.pk).pk
    first.save(update_fields=["entry"])

    one = credited(owner, bill, [(bill.lines.get(), 1)])
    check_now()
    assert journal(one)["1450"] == (Decimal(0), Decimal(3000))
    assert [part.amount for part in PrepaidPart.objects.order_by("date")] == [3000, 1500, 1500]

    rest = credited(owner, bill)
    check_now()
    assert (journal(rest)["1450"], journal(rest)["6310"]) == (
        (Decimal(0), Decimal(3000)),
        (Decimal(0), Decimal(3000)),
    )
    assert [part.amount for part in PrepaidPart.objects.order_by("date")] == [3000, 0, 0]


def test_credit_without_a_bill_stays_on_account(in_company_a, owner, landlord):
    """P12: a rebate."""
    draft = credit_draft_create(
        typed=typed_credit(owner, landlord, [cost("1", "40", account="5150")], reason="Rebate"),
        actor=owner,
    )
    changed = credit_draft_update(
        credit_id=draft.pk,
        typed=typed_credit(owner, landlord, [cost("1", "50", account="5150")], version="1"),
        actor=owner,
    )
    posted = credit_post(credit_id=changed.pk, actor=owner)
    check_now()

    assert journal(posted) == {
        "5150": (Decimal(0), Decimal(50)),
        "1410": (Decimal(0), Decimal("7.50")),
        "2110": (Decimal("57.50"), Decimal(0)),
    }
    assert again(posted).open_amount == Decimal("57.50")
    with refuses(NotADraft):
        credit_delete(credit_id=posted.pk, actor=owner)


def test_draft_of_a_credit_is_deleted(in_company_a, owner, landlord):
    draft = credit_draft_create(typed=typed_credit(owner, landlord), actor=owner)

    credit_delete(credit_id=draft.pk, actor=owner)

    assert not SupplierCredit.objects.exists()


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_owner_and_accountant_write_credits(in_company_a, owner, landlord, role):
    bill = posted_bill(owner, landlord)
    actor = in_company_a.principal(role)

    with refuses(PermissionRefused):
        credited(actor, bill)
    with refuses(PermissionRefused):
        credit_create_posted(typed=typed_credit(owner, landlord), actor=actor)


def test_verify_finds_nothing_after_months_and_credits(in_company_a, owner, landlord):
    bill = posted_bill(
        owner, landlord, [cost("3", "33.33", account="6310", prepaid_months="7"), cost("2", "5")]
    )
    credited(owner, bill, [(bill.lines.get(position=1), 1)])
    prepaid_book(until=local_today() + dt.timedelta(days=70))
    credited(owner, bill)
    bill_void(bill_id=posted_bill(owner, landlord).pk, actor=owner, reason="Twice")
    check_now()

    assert [one for one in verify_company(in_company_a.id) if one.count] == []
