"""The first month of a pharmacy, told from beginning to end; at each stop the books are looked at."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import Invoice
from ar.services.customers import customer_create
from ar.services.invoices import invoice_delete, invoice_lock, invoice_unlock, invoice_update_posted
from ar.services.lines import invoice_line_add, invoice_line_delete
from ar.services.posting import invoice_post, invoice_void
from audit.models import AuditEntry
from commissions.models import CommissionSnapshot
from commissions.services.snapshots import snapshot_approve, summary_of
from core.dates import local_today
from documents.errors import DocumentLocked
from documents.models import DocumentSummary
from documents.typed import parse_line
from inventory.services.items import item_create
from ledger.models import Account, AccountBalance, JournalLine
from payments.services.allocating import payment_allocate
from payments.services.reversing import payment_void
from tenancy.errors import PermissionRefused
from tests.builders import draft_invoice, fresh, line, lines_of, payment

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = local_today().year


def balance(role):
    """Return debit less credit of the account with the role."""
    row = AccountBalance.objects.filter(account__role=role).aggregate(
        d=Sum("debit"), c=Sum("credit")
    )
    return (row["d"] or Decimal(0)) - (row["c"] or Decimal(0))


def books_are_right():
    sums = JournalLine.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    assert sums["debit"] == sums["credit"]
    open_amount = Invoice.objects.exclude(status="draft").aggregate(n=Sum("open_amount"))["n"]
    summary = DocumentSummary.objects.filter(kind="ar.invoice").exclude(status="draft")
    assert summary.aggregate(n=Sum("open_amount"))["n"] == open_amount


def test_first_month_of_a_pharmacy(company_a, company_b):
    # the owner sets up a clinic and two medicines
    with company_a.acting() as owner:
        clinic = customer_create(
            values={
                "name": "Al Shifa Clinic",
                "name_arabic": "عيادة الشفاء",
                "vat_number": "399999999900003",
            },
            actor=owner,
        )
        syrup = item_create(
            values={"code": "SYR", "name": "Syrup", "price": Decimal("12.50")}, actor=owner
        )
        insulin = item_create(
            values={
                "code": "INS",
                "name": "Insulin",
                "price": Decimal(80),
                "tax_category": "Z",
                "tax_rate": Decimal(0),
                "tax_code": "SZMED",
            },
            actor=owner,
        )

    # a sales person drafts, cannot post, cannot even correct
    with company_a.acting("sales") as sales:
        draft = draft_invoice(
            sales,
            clinic,
            [line("10", "12.50", item=syrup), line("5", "80", item=insulin, vat_rate="0")],
            salesperson=sales.user_id,
        )
    for attempt in (
        lambda person: invoice_post(invoice_id=draft.pk, actor=person),
        lambda person: invoice_line_add(
            invoice_id=draft.pk, typed=parse_line(line()), actor=person
        ),
    ):
        with pytest.raises(PermissionRefused), company_a.acting("sales") as sales:
            attempt(sales)

    # the accountant adds a line, takes another away, and posts
    with company_a.acting("accountant") as accountant:
        added = invoice_line_add(
            invoice_id=draft.pk,
            typed=parse_line(line("1", "30", description="Delivery")),
            actor=accountant,
            version=1,
        )
        assert added.line is not None
        assert added.document.total == Decimal("578.25")
        invoice_line_delete(invoice_id=draft.pk, line_id=added.line.pk, actor=accountant, version=2)
        first = invoice_post(invoice_id=draft.pk, actor=accountant, version=3)
        assert (first.number, first.total) == (f"INV-{YEAR}-00001", Decimal("543.75"))
        assert (
            balance("ar_control"),
            balance("revenue_standard"),
            balance("revenue_zero"),
            balance("vat_output"),
        ) == (
            Decimal("543.75"),
            Decimal(-125),
            Decimal(-400),
            Decimal("-18.75"),
        )
        books_are_right()

    # the owner locks it; nobody takes money on it until it is open again
    with company_a.acting() as owner:
        invoice_lock(invoice_id=first.pk, actor=owner)
    with pytest.raises(DocumentLocked), company_a.acting("accountant") as accountant:
        invoice_update_posted(
            invoice_id=first.pk, changes={"notes": "x"}, version=None, actor=accountant
        )
    with company_a.acting("cashier") as cashier:
        early = payment(cashier, clinic, "300")
        assert early.allocated_amount == 0
    with company_a.acting() as owner:
        invoice_unlock(invoice_id=first.pk, actor=owner)

    # the money on account is used; the rest comes by card; the commission is there
    with company_a.acting("cashier") as cashier:
        payment_allocate(payment_id=early.pk, actor=cashier)
        assert fresh(first).status == "partially_paid"
        rest = payment(cashier, clinic, "243.75")
        assert fresh(first).status == "paid"
        books_are_right()
    with company_a.acting() as owner:
        snapshot = CommissionSnapshot.objects.get()
        assert (snapshot.base_amount, snapshot.commission_amount) == (
            Decimal(525),
            Decimal("39.38"),
        )
        snapshot_approve(snapshot_id=snapshot.pk, actor=owner)
        assert summary_of([snapshot]).average_percent == Decimal("7.5010")

    # the card payment bounces; the invoice is open again, the commission is not stored twice
    with company_a.acting("accountant") as accountant:
        payment_void(payment_id=rest.pk, actor=accountant)
        assert (fresh(first).status, fresh(first).open_amount) == (
            "partially_paid",
            Decimal("243.75"),
        )
        payment(accountant, clinic, "243.75")
        assert fresh(first).status == "paid"
        assert CommissionSnapshot.objects.count() == 1
        assert balance("ar_control") == 0

    # a wrong invoice is voided by a credit note, a wrong draft is deleted
    with company_a.acting() as owner:
        wrong = invoice_post(
            invoice_id=draft_invoice(owner, clinic, [line("3", "9.99")]).pk, actor=owner
        )
        note = invoice_void(invoice_id=wrong.pk, actor=owner, reason="Wrong clinic")
        assert (note.number, note.total, fresh(wrong).status) == (
            f"CN-{YEAR}-00001",
            wrong.total,
            "void",
        )
        discarded = draft_invoice(owner, clinic)
        invoice_delete(invoice_id=discarded.pk, actor=owner)
        assert wrong.number == f"INV-{YEAR}-00002"
        assert balance("ar_control") == 0
        assert balance("sales_returns") == Decimal("29.97")
        books_are_right()

    # the trail tells the story of the first invoice, with names
    with company_a.acting("auditor"):
        story = list(
            AuditEntry.objects.filter(entity_id=str(first.pk))
            .order_by("id")
            .values_list("action", "role")
        )
        told = [action for action, _ in story]
        assert told[0] == "CREATE"
        assert [action for action in told if action in ("POST", "LOCK", "UNLOCK")] == [
            "POST",
            "LOCK",
            "UNLOCK",
        ]
        assert {role for _, role in story} == {"sales", "accountant", "owner", "cashier"}
        assert lines_of(first)

    # and the other company has seen nothing of it
    with company_b.acting():
        assert not Invoice.objects.exists()
        assert not AccountBalance.objects.exists()
        assert Account.objects.exists()
