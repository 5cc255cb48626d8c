"""Opening balances: four files, a dry run, a proof that must be zero, and taking back (accounting.md section 10)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from ap.models import Bill, Supplier
from ar.models import Customer, Invoice
from core.dates import local_today, month_start
from core.errors import DomainError
from ledger.models import JournalEntry, JournalLine, Period
from ledger.selectors.balances import account_totals
from opening.models import OpeningFile
from opening.selectors.proof import opening_proof
from opening.services.files import file_check, file_create, file_post, file_undo
from tests.builders import payment

pytestmark = pytest.mark.django_db

GO_LIVE = month_start(local_today())
CUSTOMERS = """customer,name,number,date,due,currency,amount,rate
C-1,Alpha,1001,{day},{day},SAR,1150.00,
C-1,Alpha,1002,{day},,SAR,575.00,
C-2,Beta,E-7,{day},{day},EUR,1000.00,4.0512
"""
SUPPLIERS = """supplier,name,number,date,due,amount
S-1,Gamma,77,{day},{day},2000.00
"""
BALANCES = """account,debit,credit
1130,10000.00,
1210,5776.20,
1310,3000.00,
2110,,2000.00
3110,,16776.20
"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(step, text, actor, date=GO_LIVE):
    day = (date - dt.timedelta(days=40)).isoformat()
    content = text.replace("{day}", day).encode()
    return file_create(
        step=step, date=date, upload=SimpleUploadedFile(f"{step}.csv", content), actor=actor
    )


def posted(step, text, actor, **options):
    stored = upload(step, text, actor)
    options.setdefault("create_parties", True)
    return file_post(file_id=stored.pk, mapping=stored.mapping, actor=actor, **options)


def balances():
    return {row.code: row.balance for row in account_totals(as_of=local_today()) if row.balance}


def everything(actor):
    posted("customers", CUSTOMERS, actor)
    posted("suppliers", SUPPLIERS, actor)
    return posted("accounts", BALANCES, actor)


def test_a_complete_go_live_leaves_the_four_accounts_at_zero(in_company_a, owner):
    with transaction.atomic():
        everything(owner)

        assert [row.balance for row in opening_proof()] == [0, 0, 0, 0]
        assert balances() == {
            "1130": 10000,
            "1210": Decimal("5776.20"),
            "1310": 3000,
            "2110": -2000,
            "3110": Decimal("-16776.20"),
        }
        assert {entry.kind for entry in JournalEntry.objects.all()} == {"opening"}
        assert {entry.date for entry in JournalEntry.objects.all()} == {GO_LIVE}


def test_open_documents_keep_their_dates_amounts_and_old_numbers(in_company_a, owner):
    with transaction.atomic():
        posted("customers", CUSTOMERS, owner)
        posted("suppliers", SUPPLIERS, owner)
        invoices = list(Invoice.objects.order_by("number"))
        foreign = invoices[2]

        assert [one.number[:3] for one in invoices] == ["OPN"] * 3
        assert [one.reference for one in invoices] == ["1001", "1002", "E-7"]
        assert (foreign.total, foreign.base_total) == (1000, Decimal("4051.20"))
        assert (foreign.open_amount, foreign.status, foreign.kind) == (1000, "posted", "opening")
        bill = Bill.objects.get()
        assert (bill.number[:3], bill.supplier_number, bill.open_amount) == ("OPB", "77", 2000)


def test_opening_documents_never_enter_the_vat_return(in_company_a, owner):
    with transaction.atomic():
        everything(owner)

        assert not JournalLine.objects.exclude(tax_code="").exists()


def test_a_missing_document_shows_on_its_own_account(in_company_a, owner):
    with transaction.atomic():
        posted("customers", CUSTOMERS.replace("1150.00", "1000.00"), owner)
        posted("suppliers", SUPPLIERS, owner)
        posted("accounts", BALANCES, owner)

        assert [row.balance for row in opening_proof()] == [150, 0, 0, 0]


def test_a_dry_run_writes_nothing_and_counts_all(in_company_a, owner):
    with transaction.atomic():
        stored = upload("customers", CUSTOMERS, owner)
        checked = file_check(
            file_id=stored.pk, mapping=stored.mapping, create_parties=True, actor=owner
        )

        assert (checked.state, checked.rows, checked.rejected) == ("checked", 3, 0)
        assert checked.total == Decimal("5776.20")
        assert not Invoice.objects.exists()
        assert not Customer.objects.filter(code="C-1").exists()
        assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("step", "text", "reason"),
    [
        ("customers", CUSTOMERS.replace("575.00", "0"), "greater"),
        ("customers", CUSTOMERS.replace("575.00", "5.75x"), "number"),
        ("customers", CUSTOMERS.replace("1002", "1001"), "twice"),
        ("customers", CUSTOMERS.replace("EUR", "EURO"), "three"),
        ("customers", CUSTOMERS.replace("4.0512", "0"), "greater"),
        ("customers", CUSTOMERS.replace("4.0512", ""), "no exchange rate for EUR"),
        ("accounts", BALANCES.replace("16776.20", "16776.19"), "0.01"),
        ("accounts", BALANCES.replace("3110", "9999"), "no such account"),
        ("accounts", BALANCES.replace("10000.00", "=SUM(A1)"), "number"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_posted(in_company_a, owner, step, text, reason):
    with transaction.atomic():
        stored = upload(step, text, owner)
        arguments = {"mapping": stored.mapping, "create_parties": True, "actor": owner}
        checked = file_check(file_id=stored.pk, **arguments)
        with pytest.raises(DomainError) as refused:
            file_post(file_id=stored.pk, **arguments)

        assert refused.value.code == "rows_refused"
        assert checked.rejected >= 1
        assert reason in checked.problems[0]["reason"]
        assert not JournalEntry.objects.exists()
        assert not Invoice.objects.exists()


def test_an_unknown_customer_is_refused_unless_it_may_be_added(in_company_a, owner):
    with transaction.atomic():
        stored = upload("customers", CUSTOMERS, owner)
        checked = file_check(
            file_id=stored.pk, mapping=stored.mapping, create_parties=False, actor=owner
        )

        assert {problem["field"] for problem in checked.problems} == {"party"}
        assert not Supplier.objects.exists()


def test_the_same_documents_are_not_taken_twice(in_company_a, owner):
    with transaction.atomic():
        posted("customers", CUSTOMERS, owner)
        with pytest.raises(DomainError) as refused:
            posted("customers", CUSTOMERS, owner)
        assert refused.value.code == "rows_refused"
        assert Invoice.objects.count() == 3

        posted("accounts", BALANCES, owner)
        with pytest.raises(DomainError) as second:
            posted("accounts", BALANCES, owner)
        assert second.value.code == "opening_state"


def test_stock_is_refused_with_a_clear_sentence(in_company_a, owner):
    with transaction.atomic(), pytest.raises(DomainError) as refused:
        upload("stock", "item,quantity\nA,1\n", owner)

    assert refused.value.code == "stock_not_kept"


def test_files_are_taken_back_and_can_come_again(in_company_a, owner):
    with transaction.atomic():
        everything(owner)
        for stored in OpeningFile.objects.filter(state="posted"):
            file_undo(file_id=stored.pk, actor=owner)

        assert balances() == {}
        assert set(Invoice.objects.values_list("status", flat=True)) == {"void"}
        everything(owner)
        assert [row.balance for row in opening_proof()] == [0, 0, 0, 0]


def test_a_settled_document_keeps_its_file(in_company_a, owner):
    with transaction.atomic():
        stored = posted("customers", CUSTOMERS, owner)
        invoice = Invoice.objects.get(reference="1002")
        payment(owner, invoice.customer, "100", allocations=[(invoice, "100")])
        with pytest.raises(DomainError) as refused:
            file_undo(file_id=stored.pk, actor=owner)

        assert refused.value.code == "opening_state"
        assert set(Invoice.objects.values_list("status", flat=True)) == {"posted", "partially_paid"}


def test_nothing_enters_a_closed_period(in_company_a, owner):
    with transaction.atomic():
        Period.objects.filter(start_date=GO_LIVE).update(state="closed", closed_at=timezone.now())
        with pytest.raises(DomainError) as refused:
            posted("customers", CUSTOMERS, owner)

    assert refused.value.code == "period_closed"


def test_accounts_kept_by_party_wait_on_opening_other(in_company_a, owner):
    with transaction.atomic():
        text = "account,balance\n1130,500\n2310,-500\n"
        stored = posted("accounts", text, owner)

        assert opening_proof()[3].balance == -500
        assert "2310" in stored.notes[0]


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_bookkeepers_take_over_balances(company_a, role):
    with company_a.acting(role) as actor, pytest.raises(DomainError) as refused:
        upload("accounts", BALANCES, actor)

    assert refused.value.status == 403
