"""Bills: typed, changed, posted, locked, voided (SP-4, PS-1, PS-2); VAT of purchases (accounting.md P4 to P8, G1)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from ap.errors import DuplicateSupplierNumber, UnknownAccount, UnknownSupplier
from ap.models import Bill, BillLine, PrepaidPart
from ap.services.bills import (
    bill_create,
    bill_delete,
    bill_lock,
    bill_unlock,
    bill_update,
    bill_update_posted,
)
from ap.services.credits import bill_void
from ap.services.lines import bill_line_add, bill_line_delete, bill_line_update
from ap.services.posting import bill_create_posted, bill_post
from ap.services.suppliers import supplier_deactivate
from ap.typed import parse_purchase_line
from core.dates import local_today
from core.errors import ValidationErrors
from documents.errors import (
    DocumentLocked,
    DocumentNotFound,
    DuplicateItem,
    NotADraft,
    StaleVersion,
)
from inventory.services.lines import UnknownTaxCode
from ledger.errors import ControlAccount, RateMissing
from ledger.models import ExchangeRate, JournalEntry
from tenancy.errors import PermissionRefused
from tests.buying import again, code, cost, draft_bill, journal, posted_bill, supplier, typed_bill
from tests.database import check_now, refused, refuses, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def landlord(in_company_a, owner):
    return supplier(owner)


def wrong_fields(caught):
    return {error.field for error in caught.value.errors}


# --- drafts ---


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


# --- the supplier's number ---


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


# --- posting ---


@pytest.mark.parametrize("at_once", [True, False])
def test_posting_writes_number_journal_and_parties(in_company_a, owner, landlord, at_once):
    rows = [
        cost("10", "10", item=in_company_a.items[0]),
        cost("1", "50", account="6310"),
        cost("1", "20", account="6310", tax_code="P15NR"),
        cost("1", "30", account="6310", tax_code="PE"),
    ]
    if at_once:
        bill = posted_bill(owner, landlord, rows)
    else:
        bill = bill_post(bill_id=draft_bill(owner, landlord, rows).pk, actor=owner)
    check_now()
    bill = again(bill)

    assert bill.number == f"BILL-{local_today().year}-00001"
    assert (bill.status, bill.total, bill.base_total, bill.base_tax_amount) == (
        "posted",
        Decimal("225.50"),
        Decimal("225.50"),
        Decimal("25.50"),
    )
    assert bill.seller["name"] == "Gulf Rentals"
    assert bill.buyer["vat_number"] == "310122393500003"
    assert journal(bill) == {
        "1310": (Decimal(100), Decimal(0)),
        "6310": (Decimal(103), Decimal(0)),
        "1410": (Decimal("22.50"), Decimal(0)),
        "2110": (Decimal(0), Decimal("225.50")),
    }


def test_reverse_charge_and_customs_post_beside_what_the_supplier_charges(
    in_company_a, owner, landlord
):
    bill = posted_bill(
        owner,
        landlord,
        [
            cost("1", "2000", account="6430", tax_code="PRC"),
            cost("1", "304.50", tax_code="PIMP", customs_value="2030"),
        ],
    )

    assert (bill.total, bill.tax_amount) == (Decimal("2304.50"), 0)
    assert journal(bill) == {
        "6430": (Decimal(2000), Decimal(0)),
        "1430": (Decimal(300), Decimal(0)),
        "2420": (Decimal(0), Decimal(300)),
        "1420": (Decimal("304.50"), Decimal(0)),
        "2110": (Decimal(0), Decimal("2304.50")),
    }


def test_foreign_bill_keeps_the_rate_of_its_date(in_company_a, owner, landlord):
    with refuses(RateMissing, field="exchange_rate"):
        posted_bill(owner, landlord, currency="EUR")
    ExchangeRate.objects.create(currency="EUR", date=dt.date(2026, 1, 19), rate=Decimal("4.0512"))

    bill = posted_bill(
        owner,
        landlord,
        [cost("1", "1000", account="6310")],
        currency="EUR",
        issue_date="2026-01-20",
    )

    assert (bill.total, bill.exchange_rate) == (Decimal(1150), Decimal("4.0512"))
    assert journal(bill) == {
        "6310": (Decimal("4051.20"), Decimal(0)),
        "1410": (Decimal("607.68"), Decimal(0)),
        "2110": (Decimal(0), Decimal("4658.88")),
    }


def test_prepaid_line_makes_its_months(in_company_a, owner, landlord):
    """G1: a rent of three months; the last month takes the residue."""
    bill = posted_bill(
        owner,
        landlord,
        [
            cost("1", "9000", account="6310", prepaid_months="3", prepaid_start="2026-01-02"),
            cost("1", "100", account="6430", prepaid_months="3"),
        ],
        issue_date="2026-01-02",
    )
    check_now()

    assert journal(bill) == {
        "1450": (Decimal(9000), Decimal(0)),
        "1470": (Decimal(100), Decimal(0)),
        "1410": (Decimal(1365), Decimal(0)),
        "2110": (Decimal(0), Decimal(10465)),
    }
    months = PrepaidPart.objects.filter(bill_id=bill.pk).order_by("prepaid_account__code", "date")
    assert [(part.date.isoformat(), part.amount) for part in months] == [
        ("2026-01-31", Decimal(3000)),
        ("2026-02-28", Decimal(3000)),
        ("2026-03-31", Decimal(3000)),
        ("2026-01-31", Decimal("33.33")),
        ("2026-02-28", Decimal("33.33")),
        ("2026-03-31", Decimal("33.34")),
    ]


def test_month_is_never_raised_or_taken_away(in_company_a, owner, landlord):
    posted_bill(owner, landlord, [cost(account="6310", prepaid_months="2")])

    for statement in (
        "UPDATE ap_prepaidpart SET amount = amount + 1",
        "UPDATE ap_prepaidpart SET date = date + 1",
        "DELETE FROM ap_prepaidpart",
    ):
        with refused("prepaid_part_frozen"):
            run(statement)


def test_bill_of_nothing_is_paid_at_once(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord, [cost("1", "0")])
    check_now()

    assert (bill.status, bill.paid_at is not None) == ("paid", True)
    assert not JournalEntry.objects.filter(source_id=bill.pk).exists()


def test_posted_bill_changes_in_notes_due_date_and_reference_only(in_company_a, owner, landlord):
    bill = posted_bill(owner, landlord)

    changed = bill_update_posted(
        bill_id=bill.pk, changes={"notes": "Paid by the till"}, version=1, actor=owner
    )
    assert changed.notes == "Paid by the till"
    with refuses(NotADraft, field="total"):
        bill_update_posted(bill_id=bill.pk, changes={"total": 1}, version=None, actor=owner)
    with refused("document_frozen"):
        run("UPDATE ap_bill SET supplier_number = 'X'")
    with refused("document_frozen"):
        run("UPDATE ap_billline SET quantity = 2")


def test_opening_balance_owes_without_cost_or_vat(in_company_a, owner, landlord):
    """accounting.md section 10: D opening_ap, C ap_control."""
    typed = typed_bill(owner, landlord, [cost("1", "750", tax_code="PO")])
    bill = bill_create_posted(typed=replace(typed, kind="opening"), actor=owner)
    check_now()

    assert bill.number.startswith("OPB-")
    assert journal(bill) == {"3920": (Decimal(750), Decimal(0)), "2110": (Decimal(0), Decimal(750))}
    assert JournalEntry.objects.get(source_id=bill.pk).kind == "opening"


# --- rights, lock, void ---


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
