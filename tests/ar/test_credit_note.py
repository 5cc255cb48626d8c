"""Credit notes over a part of an invoice (S3, S4): amounts, books, settlement, bounds (issue 3, AR)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import CreditNote, CreditNoteLine
from ar.services.notes import credit_note_create
from ar.typed_credit import parse_credit
from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from documents.errors import DocumentLocked, TransitionRefused
from ledger.models import Account, ExchangeRate, JournalLine
from tenancy.errors import PermissionRefused
from tests.builders import (
    draft_invoice,
    fresh,
    line,
    lines_of,
    locked_invoice,
    paid_invoice,
    posted_invoice,
)
from tests.catalogue import ask
from tests.database import check_now, nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db

TWIN = "'018f0000-0000-7000-8000-000000000001'"


def credited(actor, invoice, *rows, **fields):
    """Credit rows of (line number, quantity or None, amount or None); everything without rows."""
    lines = lines_of(invoice)
    payload = {
        "reason": "Returned",
        "lines": [
            {"line": str(lines[index].pk), "quantity": quantity or "", "amount": amount or ""}
            for index, quantity, amount in rows
        ],
        "whole": not rows,
        **fields,
    }
    return credit_note_create(typed=parse_credit(payload, invoice_id=invoice.pk), actor=actor)


def sums():
    """Return debits less credits by account role."""
    roles = dict(Account.objects.values_list("pk", "role"))
    rows = JournalLine.objects.values_list("account_id").annotate(n=Sum("debit") - Sum("credit"))
    return {roles[account]: amount for account, amount in rows if roles[account]}


def test_some_of_the_goods_come_back(in_company_a, owner):
    invoice = posted_invoice(
        owner, in_company_a.customer, [line("10", "10.03"), line("1", "300", vat_rate="0")]
    )

    note = credited(owner, invoice, (0, "3", None))
    check_now()

    note = CreditNote.objects.get(pk=note.pk)
    assert note.number == f"CN-{local_today().year}-00001"
    assert (note.subtotal, note.tax_amount, note.total) == (
        Decimal("30.09"),
        Decimal("4.51"),
        Decimal("34.60"),
    )
    assert (note.status, note.open_amount) == ("paid", 0)
    invoice = fresh(invoice)
    assert (invoice.status, invoice.open_amount) == ("partially_paid", invoice.total - note.total)
    (row,) = CreditNoteLine.objects.filter(document_id=note.pk)
    assert (row.quantity, row.invoice_line_id, row.price_only) == (
        3,
        lines_of(invoice)[0].pk,
        False,
    )
    assert sums()["sales_returns"] == Decimal("30.09")
    assert sums()["ar_control"] == invoice.open_amount


def test_partial_credits_of_everything_equal_the_invoice(in_company_a, owner):
    ExchangeRate.objects.create(currency="EUR", date=local_today(), rate=Decimal("4.0512"))
    invoice = posted_invoice(
        owner,
        in_company_a.customer,
        [line("3", "33.33"), line("7", "10.03")],
        currency="EUR",
        document_discount="1.01",
    )

    notes = [
        credited(owner, invoice, (0, "1", None)),
        credited(owner, invoice, (0, "1", None), (1, None, "0.07")),
        credited(owner, invoice, (1, "3", None)),
        credited(owner, invoice),
    ]
    check_now()

    stored = CreditNote.objects.filter(pk__in=[note.pk for note in notes])
    assert stored.aggregate(
        total=Sum("total"),
        tax=Sum("tax_amount"),
        base=Sum("base_total"),
        vat=Sum("base_tax_amount"),
    ) == {
        "total": invoice.total,
        "tax": invoice.tax_amount,
        "base": invoice.base_total,
        "vat": invoice.base_tax_amount,
    }
    invoice = fresh(invoice)
    assert (invoice.status, invoice.open_amount, invoice.commission_base) == ("paid", 0, 0)
    assert sums()["ar_control"] == 0
    assert sums()["vat_output"] == 0


def test_a_lower_price_brings_no_goods(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("10", "10")])

    note = credited(owner, invoice, (0, None, "10"))
    rest = credited(owner, invoice, (0, "10", None))
    check_now()

    (row,) = CreditNoteLine.objects.filter(document_id=note.pk)
    assert (row.price_only, row.quantity, row.net_amount) == (True, 1, 10)
    assert rest.total == Decimal("103.50")
    assert fresh(invoice).open_amount == 0


def test_credit_of_a_paid_invoice_stays_on_account(in_company_a, owner):
    invoice = paid_invoice(owner, in_company_a.customer)

    note = credited(owner, invoice, (0, None, "40"))
    check_now()

    note = CreditNote.objects.get(pk=note.pk)
    assert (note.status, note.open_amount) == ("posted", Decimal("46.00"))
    assert fresh(invoice).status == "paid"


def test_credit_can_be_kept_on_account(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    note = credited(owner, invoice, (0, None, "40"), settle=False)
    check_now()

    assert CreditNote.objects.get(pk=note.pk).open_amount == Decimal("46.00")
    assert fresh(invoice).open_amount == Decimal("115.00")


def test_commission_is_earned_on_what_is_left(in_company_a, owner):
    sales = in_company_a.users["sales"].pk
    invoice = posted_invoice(owner, in_company_a.customer, [line("10", "1000")], salesperson=sales)
    assert invoice.commission_base == 10000

    credited(owner, invoice, (0, "2", None))

    assert fresh(invoice).commission_base == 8000


def test_more_than_is_left_is_refused_at_its_row(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("10", "10"), line("1", "5")])
    credited(owner, invoice, (0, "8", None))

    with nothing_changes(), pytest.raises(ValidationErrors) as refusal:
        credited(owner, invoice, (1, "1", None), (0, "3", None))

    assert [error.field for error in refusal.value.errors] == ["lines.1.quantity"]
    assert "2" in refusal.value.errors[0].message


def test_drafts_and_locked_invoices_are_not_credited(in_company_a, owner):
    draft = draft_invoice(owner, in_company_a.customer)
    locked = locked_invoice(owner, in_company_a.customer)

    with refuses(TransitionRefused):
        credited(owner, draft, (0, "1", None))
    with refuses(DocumentLocked):
        credited(owner, locked, (0, "1", None))


COPY = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {key} = %s
"""


def copied(table, key, value, **changes):
    """Insert a copy of a row as the application would, with other values in some columns."""
    names = [
        name
        for (name,) in ask(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
    ]
    values = [changes.get(name, f'"{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    run(COPY.format(table=table, columns=columns, values=", ".join(values), key=key), [value])


def test_the_database_refuses_to_credit_twice(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    note = credited(owner, invoice, (0, None, "60"), settle=False)
    check_now()

    with refused("credit_within_invoice"):
        copied("ar_creditnoteline", "document_id", note.pk, id="uuidv7()", document_id=TWIN)
        copied(
            "ar_creditnote",
            "id",
            note.pk,
            id=TWIN,
            number="'CN-X'",
            sequence_number="NULL",
        )
        run("SET CONSTRAINTS d_credited IMMEDIATE")  # its missing journal would be refused, too


def test_not_before_its_invoice_and_not_without_reason(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    with pytest.raises(DomainError) as early:
        credited(owner, invoice, (0, "1", None), date="2020-01-01")
    with pytest.raises(ValidationErrors) as without:
        credited(owner, invoice, (0, "1", None), reason=" ")

    assert early.value.field == "date"
    assert [error.field for error in without.value.errors] == ["reason"]


def test_sales_credit_nothing(in_company_a):
    with in_company_a.acting("owner") as owner:
        invoice = posted_invoice(owner, in_company_a.customer)
    with in_company_a.acting("sales") as sales, pytest.raises(PermissionRefused):
        credited(sales, invoice, (0, "1", None))
