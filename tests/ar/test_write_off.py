"""Bad debts (S12): the rest of an invoice is given up, with or without its VAT, and taken up again."""

from decimal import Decimal

import pytest

from ar.errors import NotOpen, ReliefUndone
from ar.models import WriteOff
from ar.services.notes import credit_note_create
from ar.services.write_offs import TypedWriteOff, write_off_create, write_off_undo
from ar.typed_credit import TypedCredit
from core.dates import local_today
from core.errors import DomainError
from documents.crediting import Wanted
from documents.errors import DocumentLocked, TransitionRefused
from ledger.models import ExchangeRate, JournalLine
from tenancy.errors import PermissionRefused
from tests.ar.test_credit_note import sums
from tests.builders import (
    draft_invoice,
    fresh,
    line,
    lines_of,
    locked_invoice,
    paid_invoice,
    payment,
    posted_invoice,
)
from tests.database import check_now, refused, refuses, run

pytestmark = pytest.mark.django_db


def written_off(actor, invoice, amount=None, **fields):
    fields.setdefault("reason", "Bankrupt")
    typed = TypedWriteOff(
        invoice_id=invoice.pk, amount=None if amount is None else Decimal(amount), **fields
    )
    return write_off_create(typed=typed, actor=actor)


def test_rest_of_an_invoice_is_given_up(in_company_a, owner):
    sales = in_company_a.users["sales"].pk
    invoice = posted_invoice(owner, in_company_a.customer, [line("10", "1000")], salesperson=sales)
    payment(owner, in_company_a.customer, "9200", allocations=[(invoice, "9200")])

    row = written_off(owner, invoice)
    check_now()

    invoice = fresh(invoice)
    assert row.number == f"WO-{local_today().year}-00001"
    assert (row.amount, row.tax_amount, row.base_amount) == (2300, 0, 2300)
    assert (invoice.status, invoice.open_amount, invoice.commission_base) == ("paid", 0, 8000)
    assert sums()["credit_loss_expense"] == 2300
    assert sums()["ar_control"] == 0
    assert sums()["vat_output"] == -1500


def test_against_the_allowance_with_vat_claimed_back(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    row = written_off(
        owner, invoice, "57.50", against_allowance=True, vat_reason="Twelve months overdue"
    )
    check_now()

    assert (row.vat_relief, row.tax_amount) == (True, Decimal("7.50"))
    assert sums()["ecl_allowance"] == Decimal("50.00")
    assert sums()["vat_output"] == Decimal("-7.50")
    tax = JournalLine.objects.get(entry_id=row.entry_id, taxable_amount__isnull=False)
    assert (tax.debit, tax.taxable_amount, tax.tax_code) == (
        Decimal("7.50"),
        Decimal("50.00"),
        lines_of(invoice)[0].tax_code,
    )
    assert fresh(invoice).open_amount == Decimal("57.50")


def test_debt_is_taken_up_again(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    row = written_off(owner, invoice)

    write_off_undo(write_off_id=row.pk, actor=owner)
    check_now()

    invoice = fresh(invoice)
    assert (invoice.status, invoice.open_amount, invoice.commission_base) == ("posted", 115, 100)
    assert sums()["credit_loss_expense"] == 0
    assert WriteOff.objects.get(pk=row.pk).status == "void"
    with refuses(ReliefUndone):
        write_off_undo(write_off_id=row.pk, actor=owner)


def test_foreign_rest_takes_its_whole_carrying_amount(in_company_a, owner):
    ExchangeRate.objects.create(currency="EUR", date=local_today(), rate=Decimal("4.0512"))
    invoice = posted_invoice(
        owner, in_company_a.customer, [line("3", "33.33", vat_rate="0")], currency="EUR"
    )
    written_off(owner, invoice, "33.33")
    written_off(owner, invoice, "33.33")

    rest = written_off(owner, invoice)
    check_now()

    assert rest.base_amount == Decimal("135.02")
    assert sums()["ar_control"] == 0


def test_commission_after_credit_note_and_write_off(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("10", "1000")])
    wanted = (Wanted(lines_of(invoice)[0].pk, quantity=Decimal(2)),)
    credit_note_create(
        typed=TypedCredit(invoice_id=invoice.pk, reason="Returned", lines=wanted), actor=owner
    )

    written_off(owner, fresh(invoice), "4600")

    assert fresh(invoice).commission_base == 4000


@pytest.mark.parametrize("amount", ["115.01", "0", "0.001", "-1"])
def test_no_more_than_is_open_is_given_up(in_company_a, owner, amount):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(NotOpen, field="amount"):
        written_off(owner, invoice, amount)


def test_only_open_and_unlocked_invoices(in_company_a, owner):
    draft = draft_invoice(owner, in_company_a.customer)
    paid = paid_invoice(owner, in_company_a.customer)
    locked = locked_invoice(owner, in_company_a.customer)

    for invoice, error in ((draft, TransitionRefused), (paid, TransitionRefused)):
        with refuses(error):
            written_off(owner, invoice)
    with refuses(DocumentLocked):
        written_off(owner, locked)


def test_no_vat_to_claim_and_a_date_before_the_invoice(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line(vat_rate="0")])

    with refuses(DomainError, field="vat_reason"):
        written_off(owner, invoice, vat_reason="Overdue")
    with refuses(DomainError, field="date"):
        written_off(owner, invoice, date=local_today().replace(year=2020))


def test_sales_give_nothing_up(in_company_a):
    with in_company_a.acting("owner") as owner:
        invoice = posted_invoice(owner, in_company_a.customer)
    with in_company_a.acting("sales") as sales, pytest.raises(PermissionRefused):
        written_off(sales, invoice)


def test_a_write_off_is_history(in_company_a, owner):
    row = written_off(owner, posted_invoice(owner, in_company_a.customer))

    for statement in (
        "UPDATE ar_writeoff SET amount = 1 WHERE id = %s",
        "DELETE FROM ar_writeoff WHERE id = %s",
    ):
        with refused("relief_frozen"):
            run(statement, [row.pk])
