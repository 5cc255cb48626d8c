"""Posted bills: journal, VAT of purchases (accounting.md P4 to P8, G1), prepaid months, what still changes."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from ap.models import PrepaidPart
from ap.services.bills import (
    bill_update_posted,
)
from ap.services.posting import bill_create_posted, bill_post
from core.dates import local_today
from documents.errors import (
    NotADraft,
)
from ledger.errors import RateMissing
from ledger.models import ExchangeRate, JournalEntry
from tests.buying import again, cost, draft_bill, journal, posted_bill, typed_bill
from tests.database import check_now, refused, refuses, run

pytestmark = pytest.mark.django_db


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
