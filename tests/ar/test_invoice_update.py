"""Changing a draft as a whole, and the little that changes on a posted invoice (SP-9, RR-2)."""

import datetime as dt
from decimal import Decimal

import pytest

from ar.errors import UnknownSalesperson
from ar.services.invoices import invoice_update, invoice_update_posted
from documents.errors import DocumentNotFound, DuplicateNumber, NotADraft
from documents.stored import validate_totals
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tests.builders import (
    draft_invoice,
    fresh,
    line,
    lines_of,
    paid_invoice,
    posted_invoice,
    typed_invoice,
)
from tests.database import refuses

pytestmark = pytest.mark.django_db


def update(owner, invoice, customer, lines=None, **fields):
    return invoice_update(
        invoice_id=invoice.pk, typed=typed_invoice(owner, customer, lines, **fields), actor=owner
    )


def test_lines_are_kept_changed_added_and_removed(in_company_a, owner):
    invoice = draft_invoice(
        owner, in_company_a.customer, [line("1", "1"), line("2", "2"), line("3", "3")]
    )
    first, second, _ = lines_of(invoice)

    update(
        owner,
        invoice,
        in_company_a.customer,
        [line("5", "2", id=str(second.pk)), line("1", "1", id=str(first.pk)), line("4", "4")],
        version=1,
    )

    rows = lines_of(invoice)
    assert [row.pk for row in rows][:2] == [second.pk, first.pk]
    assert [row.net_amount for row in rows] == [Decimal(10), Decimal(1), Decimal(16)]
    assert (fresh(invoice).version, fresh(invoice).line_count) == (2, 3)
    assert validate_totals(fresh(invoice), rows) == []


def test_line_id_of_another_document_makes_a_new_line(in_company_a, owner):
    other = draft_invoice(owner, in_company_a.customer)
    foreign = lines_of(other)[0]
    invoice = draft_invoice(owner, in_company_a.customer)

    update(owner, invoice, in_company_a.customer, [line("7", "7", id=str(foreign.pk))], version=1)

    assert lines_of(other)[0].quantity == 1
    assert lines_of(invoice)[0].pk != foreign.pk


def test_outdated_version_names_what_differs(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, reference="PO 1")
    update(owner, invoice, in_company_a.customer, reference="PO 2", version=1)

    with pytest.raises(Conflict) as conflict:
        update(owner, invoice, in_company_a.customer, reference="PO 3", version=1)

    assert conflict.value.current_version == 2
    assert conflict.value.changes["reference"] == {"yours": "PO 3", "theirs": "PO 2"}
    assert fresh(invoice).reference == "PO 2"


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_sales_cashier_and_auditor_edit_nothing(company_a, role):
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
    with company_a.acting(role) as person, refuses(PermissionRefused):
        update(person, invoice, company_a.customer)


def test_draft_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = draft_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner, refuses(DocumentNotFound):
        update(owner, foreign, company_a.customer)


def test_posted_invoice_is_not_replaced(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    with refuses(NotADraft):
        update(owner, invoice, in_company_a.customer)


def test_own_number_may_stay(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, number="A-1")
    draft_invoice(owner, in_company_a.customer, number="A-2")

    assert update(owner, invoice, in_company_a.customer, number="A-1").number == "A-1"
    with refuses(DuplicateNumber, field="number"):
        update(owner, invoice, in_company_a.customer, number="A-2")


def test_posted_invoice_keeps_all_but_five_fields(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    due = dt.date(2030, 1, 1)

    changed = invoice_update_posted(
        invoice_id=invoice.pk,
        changes={"notes": "n", "notes_arabic": "ن", "due_date": due, "reference": "r"},
        version=invoice.version,
        actor=owner,
    )

    assert (changed.notes, changed.due_date, changed.version) == ("n", due, invoice.version + 1)
    for field in ("total", "customer_id", "issue_date", "number", "status", "allocated_amount"):
        with refuses(NotADraft, field=field):
            invoice_update_posted(
                invoice_id=invoice.pk, changes={field: 1}, version=None, actor=owner
            )


def test_salesperson_changes_until_the_invoice_is_paid(in_company_a, owner):
    sales = in_company_a.users["sales"].pk
    invoice = posted_invoice(owner, in_company_a.customer)

    changed = invoice_update_posted(
        invoice_id=invoice.pk, changes={"salesperson_id": sales}, version=None, actor=owner
    )
    assert (changed.salesperson_id, changed.commission_percent) == (sales, Decimal("7.5"))

    paid = paid_invoice(owner, in_company_a.customer, salesperson=sales)
    with refuses(NotADraft, field="salesperson"):
        invoice_update_posted(
            invoice_id=paid.pk, changes={"salesperson_id": None}, version=None, actor=owner
        )


def test_salesperson_of_another_company_is_unknown(company_a, company_b):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
        with refuses(UnknownSalesperson, field="salesperson"):
            invoice_update_posted(
                invoice_id=invoice.pk,
                changes={"salesperson_id": company_b.users["sales"].pk},
                version=None,
                actor=owner,
            )
