"""Drafts of bills: typed, changed line by line, deleted; the supplier's number (SP-4, PS-1, PS-2, PS-4)."""

from decimal import Decimal

import pytest

from ap.errors import DuplicateSupplierNumber, UnknownAccount, UnknownSupplier
from ap.models import Bill, BillLine
from ap.services.bills import (
    bill_create,
    bill_delete,
    bill_update,
)
from ap.services.credits import bill_void
from ap.services.lines import bill_line_add, bill_line_delete, bill_line_update
from ap.services.suppliers import supplier_deactivate
from ap.typed import parse_purchase_line
from core.errors import ValidationErrors
from documents.errors import (
    DuplicateItem,
    NotADraft,
    StaleVersion,
)
from inventory.services.lines import UnknownTaxCode
from ledger.errors import ControlAccount
from ledger.models import JournalEntry
from tests.buying import code, cost, draft_bill, posted_bill, supplier, typed_bill
from tests.database import check_now, refused, refuses, run

pytestmark = pytest.mark.django_db


def wrong_fields(caught):
    return {error.field for error in caught.value.errors}


def test_draft_has_totals_and_no_number(in_company_a, owner, landlord):
    bill = draft_bill(owner, landlord, [cost("2", "10.03"), cost("1", "300", vat_rate="0")])
    check_now()

    assert (bill.number, bill.status) == ("", "draft")
    assert (bill.subtotal, bill.tax_amount, bill.total) == (
        Decimal("320.06"),
        Decimal("3.01"),
        Decimal("323.07"),
    )
    assert JournalEntry.objects.count() == 0


def test_line_without_item_goes_to_other_expenses_the_suppliers_account_or_the_typed_one(
    in_company_a, owner, landlord
):
    with_account = supplier(owner, "Software", account_id=code("6430"), tax_code="PRC")

    lines = [
        draft_bill(owner, landlord, [cost()]).lines.get(),
        draft_bill(owner, with_account, [cost()]).lines.get(),
        draft_bill(owner, with_account, [cost(account="6310", vat_rate="15")]).lines.get(),
    ]

    assert [(line.account.code, line.tax_code) for line in lines] == [
        ("6490", "P15"),
        ("6430", "PRC"),
        ("6310", "P15"),
    ]
    assert (lines[1].tax_category, lines[1].tax_rate, lines[1].tax_amount) == ("O", 0, 0)


@pytest.mark.parametrize(
    ("line", "field", "error"),
    [
        ({"account": "9999"}, "lines.0.account", UnknownAccount),
        ({"account": "6000"}, "lines.0.account", UnknownAccount),
        ({"account": "2110"}, "lines.0.account", ControlAccount),
        ({"account": "1410"}, "lines.0.account", ControlAccount),
        ({"tax_code": "S15"}, "lines.0.tax_code", UnknownTaxCode),
        ({"tax_code": "PZ", "vat_rate": "15"}, "lines.0.tax_code", UnknownTaxCode),
    ],
)
def test_line_that_cannot_be_booked_is_refused_at_its_field(
    in_company_a, owner, landlord, line, field, error
):
    with pytest.raises(ValidationErrors) as caught:
        draft_bill(owner, landlord, [cost(**line)])

    assert wrong_fields(caught) == {field}
    assert isinstance(caught.value.errors[0], error)
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"prepaid_months": "0"}, "lines.0.prepaid_months"),
        ({"prepaid_months": "121"}, "lines.0.prepaid_months"),
        ({"prepaid_start": "2026-01-01"}, "lines.0.prepaid_months"),
        ({"prepaid_months": "3", "prepaid_start": "soon"}, "lines.0.prepaid_start"),
        ({"customs_value": "-1"}, "lines.0.customs_value"),
        ({"account": "x" * 50}, "lines.0.account"),
    ],
)
def test_wrong_input_is_named_by_field(in_company_a, owner, landlord, line, field):
    with pytest.raises(ValidationErrors) as caught:
        typed_bill(owner, landlord, [cost(**line)])

    assert field in wrong_fields(caught)


def test_supplier_that_is_unknown_foreign_or_inactive_is_refused(
    in_company_a, company_b, owner, landlord
):
    typed = typed_bill(owner, landlord)
    supplier_deactivate(supplier_id=landlord.pk, actor=owner)

    with refuses(UnknownSupplier, field="supplier"):
        bill_create(typed=typed, actor=owner)


def test_edit_replaces_header_and_lines(in_company_a, owner, landlord):
    bill = draft_bill(owner, landlord, [cost(), cost("3", "7")])
    kept = bill.lines.get(position=2)
    typed = typed_bill(
        owner,
        landlord,
        [cost("5", "7", id=str(kept.pk), account="6310"), cost("1", "1")],
        supplier_number="R-7",
        version=1,
    )

    changed = bill_update(bill_id=bill.pk, typed=typed, actor=owner)
    check_now()

    assert (changed.version, changed.supplier_number, changed.subtotal) == (2, "R-7", Decimal(36))
    lines = list(BillLine.objects.filter(document_id=bill.pk).order_by("position"))
    assert [(line.pk == kept.pk, line.quantity, line.account.code) for line in lines] == [
        (True, 5, "6310"),
        (False, 1, "6490"),
    ]
    with refuses(StaleVersion, field="version"):
        bill_update(bill_id=bill.pk, typed=typed, actor=owner)


def test_lines_come_one_by_one(in_company_a, owner, landlord):
    bill = draft_bill(owner, landlord, [cost()])
    item = in_company_a.items[0]

    added = bill_line_add(
        bill_id=bill.pk, typed=parse_purchase_line(cost("2", "10", item=item)), actor=owner
    )
    assert (added.line.position, added.line.account_id, added.document.subtotal) == (2, None, 120)
    with refuses(DuplicateItem, field="item"):
        bill_line_add(
            bill_id=bill.pk, typed=parse_purchase_line(cost("2", "10", item=item)), actor=owner
        )
    changed = bill_line_update(
        bill_id=bill.pk,
        line_id=added.line.pk,
        typed=parse_purchase_line(cost("4", "10", account="6310")),
        actor=owner,
    )
    assert (changed.document.subtotal, changed.line.account.code) == (140, "6310")
    gone = bill_line_delete(bill_id=bill.pk, line_id=added.line.pk, actor=owner)
    assert (gone.document.subtotal, gone.document.line_count) == (100, 1)
    wrong = parse_purchase_line(cost(account="1234"))
    with pytest.raises(ValidationErrors) as caught:
        bill_line_add(bill_id=bill.pk, typed=wrong, actor=owner)
    assert wrong_fields(caught) == {"account"}


def test_draft_is_deleted_with_its_lines_a_posted_bill_never(in_company_a, owner, landlord):
    bill = draft_bill(owner, landlord)
    bill_delete(bill_id=bill.pk, actor=owner)
    assert not BillLine.objects.exists()

    posted = posted_bill(owner, landlord)
    with refuses(NotADraft):
        bill_delete(bill_id=posted.pk, actor=owner)
    with refused("document_delete_draft_only"):
        run("DELETE FROM ap_bill")


def test_number_of_the_supplier_comes_once_unless_a_reason_is_given(in_company_a, owner, landlord):
    first = posted_bill(owner, landlord, supplier_number="R-1")
    again_typed = typed_bill(owner, landlord, supplier_number="R-1")

    with pytest.raises(DuplicateSupplierNumber) as caught:
        bill_create(typed=again_typed, actor=owner)
    assert caught.value.field == "supplier_number"
    assert first.number in str(caught.value)

    second = draft_bill(
        owner, landlord, supplier_number="R-1", duplicate_reason="Billed in two parts"
    )
    other = draft_bill(owner, supplier(owner, "Other"), supplier_number="R-1", duplicate_reason="x")
    check_now()
    assert (second.duplicate_reason, other.duplicate_reason) == ("Billed in two parts", "")


def test_database_keeps_repeated_numbers_out(in_company_a, owner, landlord):
    posted_bill(owner, landlord, supplier_number="R-1")
    draft_bill(owner, landlord, supplier_number="R-1", duplicate_reason="Two parts")

    with refused("bill_supplier_number_once"):
        run("UPDATE ap_bill SET duplicate_reason = '' WHERE status = 'draft'")


def test_number_of_a_void_bill_is_free_again(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord, supplier_number="R-1")
    bill_void(bill_id=bill.pk, actor=owner, reason="Wrong amount")

    assert posted_bill(owner, landlord, supplier_number="R-1").duplicate_reason == ""
