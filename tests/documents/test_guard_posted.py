"""The database freezes a posted document, header and lines, whoever writes (D2, D3, D4)."""

import pytest

from ar.models import Invoice, InvoiceLine
from tests.builders import (
    draft_invoice,
    line,
    lines_of,
    paid_invoice,
    posted_invoice,
    voided_invoice,
)
from tests.database import check_now, nothing_changes, refused, run

pytestmark = pytest.mark.django_db

#: What may still change on a posted invoice; everything else, new columns included, is frozen.
FREE = {
    "status",
    "allocated_amount",
    "allocated_base",
    "settlement_hold",
    "is_locked",
    "locked_at",
    "locked_by_id",
    "notes",
    "notes_arabic",
    "due_date",
    "reference",
    "salesperson_id",
    "commission_base",
    "commission_base_posted",
    "commission_percent",
    "version",
    "updated_at",
    "paid_at",
    "external_id",
}
OTHER_VALUE = {
    "CharField": "'ZZZ'",
    "TextField": "'other'",
    "DateField": "'2020-01-01'",
    "DateTimeField": "'2020-01-01'",
    "JSONField": "'[]'",
    "BooleanField": "true",
    "UUIDField": "gen_random_uuid()",
    "ForeignKey": "NULL",
    "TenantForeignKey": "gen_random_uuid()",
}


def frozen_columns():
    return [
        field
        for field in Invoice._meta.concrete_fields
        if field.column not in FREE and not field.generated and field.column != "company_id"
    ]


@pytest.mark.parametrize("field", frozen_columns(), ids=lambda field: field.column)
def test_no_fiscal_column_of_a_posted_invoice_changes(in_company_a, owner, field):
    posted_invoice(owner, in_company_a.customer, currency="SAR")
    new = OTHER_VALUE.get(type(field).__name__, f'"{field.column}" + 1')
    if field.column == "sequence_number":
        new = "77"
    if field.column in ("posted_at", "issued_at", "created_by_id", "posted_by_id"):
        new = "NULL"
    if field.column == "supply_date":
        new = "'2020-01-01'"

    with nothing_changes(), refused("document_frozen"):
        run(f'UPDATE ar_invoice SET "{field.column}" = {new}')


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ar_invoiceline SET net_amount = net_amount + 1",
        "UPDATE ar_invoiceline SET description = 'other'",
        "DELETE FROM ar_invoiceline",
        "INSERT INTO ar_invoiceline SELECT * FROM ar_invoiceline",
    ],
)
def test_lines_of_a_posted_invoice_never_change(in_company_a, owner, statement):
    posted_invoice(owner, in_company_a.customer)
    if statement.startswith("INSERT"):
        columns = ", ".join(str(field.column) for field in InvoiceLine._meta.concrete_fields)
        values = columns.replace("id,", "gen_random_uuid(),", 1).replace("position", "position + 1")
        statement = f"INSERT INTO ar_invoiceline ({columns}) SELECT {values} FROM ar_invoiceline"

    with nothing_changes(), refused("document_frozen"):
        run(statement)


def test_temporary_table_does_not_stand_in_for_the_documents(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("document_frozen"):
        run("CREATE TEMP TABLE ar_invoice AS SELECT * FROM public.ar_invoice")
        run("UPDATE pg_temp.ar_invoice SET status = 'draft'")
        run("UPDATE ar_invoiceline SET description = 'Something else'")


def test_line_does_not_move_away_from_a_posted_invoice(in_company_a, owner):
    posted = posted_invoice(owner, in_company_a.customer, [line(), line()])
    draft = draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("document_frozen"):
        run(
            "UPDATE ar_invoiceline SET document_id = %s, position = 7 WHERE document_id = %s AND position = 2",
            [draft.pk, posted.pk],
        )


def test_line_does_not_move_onto_a_posted_invoice(in_company_a, owner):
    posted = posted_invoice(owner, in_company_a.customer)
    draft = draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("document_frozen"):
        run(
            "UPDATE ar_invoiceline SET document_id = %s, position = 7 WHERE document_id = %s",
            [posted.pk, draft.pk],
        )


def test_posted_invoice_is_never_deleted(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused():
        run("DELETE FROM ar_invoiceline; DELETE FROM ar_invoice")
    with nothing_changes(), refused("document_delete_draft_only"):
        run("DELETE FROM ar_invoice")


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ("draft", "document_transition"),
        ("void", "document_transition"),
        ("partially_paid", "document_transition"),
        ("nonsense", "ar_invoice_status_known"),
    ],
)
def test_states_no_service_sets_are_refused(in_company_a, owner, status, rule):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused(rule):
        run("UPDATE ar_invoice SET status = %s", [status])


def test_paid_invoice_does_not_look_open_again_while_money_is_on_it(in_company_a, owner):
    paid_invoice(owner, in_company_a.customer)

    for status in ("posted", "partially_paid"):
        with nothing_changes(), refused("document_transition"):
            run("UPDATE ar_invoice SET status = %s", [status])


def test_nothing_leaves_the_state_void(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)

    for status in ("posted", "paid", "draft"):
        with nothing_changes(), refused("document_transition"):
            run("UPDATE ar_invoice SET status = %s", [status])


def test_credit_note_is_never_void(in_company_a, owner):
    voided_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("credit_note_never_void"):
        run("UPDATE ar_creditnote SET status = 'void'")


def test_draft_cannot_be_posted_without_number_totals_and_journal(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("ar_invoice_number_when_posted"):
        run("UPDATE ar_invoice SET status = 'posted'")
    with nothing_changes(), refused("document_needs_journal"):
        run(
            "UPDATE ar_invoice SET status = 'posted', number = 'X1', posted_at = now(), base_total = total"
        )
    # nothing in the base currency yet: no excuse for no journal
    with nothing_changes(), refused("document_needs_journal"):
        run("UPDATE ar_invoice SET status = 'posted', number = 'X1', posted_at = now()")
    with nothing_changes(), refused("document_transition"):
        run("UPDATE ar_invoice SET status = 'paid', number = 'X1', posted_at = now()")


def test_posted_totals_equal_the_lines(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("document_totals_agree"):
        run(
            "UPDATE ar_invoice SET status = 'posted', number = 'X1', posted_at = now(), subtotal = 90, tax_amount = 13.50, "
            "total = 103.50"
        )


def test_document_is_not_born_settled(in_company_a, owner):
    posted = posted_invoice(owner, in_company_a.customer)
    columns = [f.column for f in Invoice._meta.concrete_fields if not f.generated]
    names = ", ".join(f'"{name}"' for name in columns)
    for change in (
        {"status": "'paid'"},
        {"status": "'void'"},
        {"status": "'partially_paid'"},
        {"allocated_amount": "total"},
    ):
        values = {name: f'"{name}"' for name in columns} | {
            "id": "gen_random_uuid()",
            "number": "'X9'",
            "sequence_number": "NULL",
            **change,
        }
        with nothing_changes(), refused("document_transition"):
            run(
                f"INSERT INTO ar_invoice ({names}) SELECT {', '.join(values[name] for name in columns)} "
                "FROM ar_invoice WHERE id = %s",
                [posted.pk],
            )


@pytest.mark.parametrize(
    "column", ["total", "subtotal", "tax_amount", "document_discount", "allocated_amount"]
)
def test_drafts_take_no_nan(in_company_a, owner, column):
    draft_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused():
        run(f"UPDATE ar_invoice SET {column} = 'NaN'")


def test_lines_take_no_nan(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)

    for column in (
        "quantity",
        "unit_price",
        "net_amount",
        "tax_amount",
        "gross_amount",
        "discount_amount",
    ):
        with nothing_changes(), refused():
            run(f"UPDATE ar_invoiceline SET {column} = 'NaN'")


@pytest.mark.parametrize(
    "table", ["ar_invoice", "ar_invoiceline", "ar_creditnote", "documents_numbersequence"]
)
def test_documents_are_not_truncated(in_company_a, owner, table):
    posted_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused(match="permission denied"):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("built", [draft_invoice, posted_invoice])
def test_version_never_goes_back(in_company_a, owner, built):
    built(owner, in_company_a.customer)
    run("UPDATE ar_invoice SET version = version + 5")

    with nothing_changes(), refused("document_version"):
        run("UPDATE ar_invoice SET version = version - 1")


def test_free_columns_of_a_posted_invoice_still_change(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    run(
        "UPDATE ar_invoice SET notes = 'call first', due_date = issue_date + 60, reference = 'PO 7'"
    )
    check_now()

    assert Invoice.objects.get(pk=invoice.pk).notes == "call first"
    assert lines_of(invoice)
