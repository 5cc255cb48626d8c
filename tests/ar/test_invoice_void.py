"""Voiding: a credit note over the whole invoice; the invoice stays, in state void (S5)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import CreditNote, CreditNoteLine, Invoice
from ar.services.customers import customer_update
from ar.services.posting import invoice_void
from commissions.models import CommissionSnapshot
from core.dates import local_today
from documents.errors import DocumentNotFound, TransitionRefused
from ledger.models import Account, ExchangeRate, JournalLine
from payments.models import Allocation
from tenancy.errors import PermissionRefused
from tests.builders import (
    draft_invoice,
    fresh,
    line,
    lines_of,
    paid_invoice,
    posted_invoice,
    voided_invoice,
)
from tests.database import check_now, nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db


def test_credit_note_mirrors_the_invoice(in_company_a, owner):
    invoice, note = voided_invoice(
        owner,
        in_company_a.customer,
        [line("7", "10.03"), line("1", "300", vat_rate="0", discount_percent="10")],
        document_discount="15",
    )
    check_now()

    assert note.number == f"CN-{local_today().year}-00001"
    note = CreditNote.objects.get(pk=note.pk)
    assert (note.total, note.subtotal, note.tax_amount) == (
        invoice.total,
        invoice.subtotal,
        invoice.tax_amount,
    )
    assert (note.status, note.open_amount, note.reason) == ("paid", 0, "Wrong customer")
    assert (invoice.status, invoice.open_amount) == ("void", 0)
    mirrored = CreditNoteLine.objects.filter(document_id=note.pk).order_by("position")
    assert [(row.quantity, row.net_amount, row.tax_amount) for row in mirrored] == [
        (row.quantity, row.net_amount, row.tax_amount) for row in lines_of(invoice)
    ]


def test_books_are_back_where_they_were(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)

    sums = dict(
        JournalLine.objects.values_list("account_id").annotate(balance=Sum("debit") - Sum("credit"))
    )
    roles = dict(Account.objects.values_list("role", "pk"))
    assert sums[roles["ar_control"]] == sums[roles["vat_output"]] == 0
    assert sums[roles["sales_returns"]] == -sums[roles["revenue_standard"]] == Decimal(100)


def test_foreign_invoice_is_credited_at_its_own_rate(in_company_a, owner):
    ExchangeRate.objects.create(currency="USD", date=local_today(), rate=Decimal("3.7512"))
    invoice, note = voided_invoice(owner, in_company_a.customer, currency="USD")

    assert note.exchange_rate == Decimal("3.7512")
    assert note.base_total == invoice.base_total


def test_void_of_prices_with_vat_and_a_discount(in_company_a, owner):
    invoice, note = voided_invoice(
        owner,
        in_company_a.customer,
        [line("3", "9.99")],
        prices_include_tax=True,
        document_discount="1",
    )
    check_now()

    assert note.total == invoice.total == Decimal("28.97")


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_roles_that_do_not_void_are_refused(company_a, role):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    with company_a.acting(role) as person, refuses(PermissionRefused):
        invoice_void(invoice_id=invoice.pk, actor=person, reason="x")


def test_drafts_and_void_invoices_are_not_voided(in_company_a, owner):
    draft = draft_invoice(owner, in_company_a.customer)
    void, _ = voided_invoice(owner, in_company_a.customer)

    with refuses(TransitionRefused):
        invoice_void(invoice_id=draft.pk, actor=owner, reason="x")
    with refuses(Exception, code="invoice_has_payments"):
        invoice_void(invoice_id=void.pk, actor=owner, reason="x")


def test_paid_invoice_is_not_voided(in_company_a, owner):
    invoice = paid_invoice(owner, in_company_a.customer)

    with refuses(Exception, code="invoice_has_payments"):
        invoice_void(invoice_id=invoice.pk, actor=owner, reason="x")


def test_invoice_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = posted_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner, refuses(DocumentNotFound):
        invoice_void(invoice_id=foreign.pk, actor=owner, reason="x")


def test_void_of_an_inactive_customers_invoice_is_possible(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    customer_update(
        customer_id=in_company_a.customer.pk, values={"is_active": False}, version=None, actor=owner
    )

    invoice_void(invoice_id=invoice.pk, actor=owner, reason="x")
    assert fresh(invoice).status == "void"


def test_void_invoice_earns_no_commission(in_company_a, owner):
    """While the credit note settles it the state passes through PAID; at commit it is void."""
    voided_invoice(owner, in_company_a.customer, salesperson=in_company_a.users["sales"].pk)
    check_now()

    assert not CommissionSnapshot.objects.exists()


def test_allocation_of_the_credit_note_is_not_undone(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)
    allocation = Allocation.objects.get()

    with nothing_changes(), refused("allocation_party"):
        Allocation.objects.create(
            credit_note_id=allocation.credit_note_id,
            invoice_id=allocation.invoice_id,
            customer_id=allocation.customer_id,
            currency="SAR",
            date=allocation.date,
            amount=-allocation.amount,
            source_amount=-allocation.source_amount,
            base_amount=-allocation.base_amount,
            source_base_amount=-allocation.source_base_amount,
            undoes_id=allocation.pk,
        )


def test_raw_sql_does_not_void_an_invoice_that_is_open(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("document_transition"):
        run("UPDATE ar_invoice SET status = 'void'")
    assert Invoice.objects.get().status == "posted"
