"""A locked document: only an owner touches it, and nobody changes its state (RR-3, RR-4), raw SQL included."""

import pytest

from ar.errors import InvoiceHasPayments
from ar.services.invoices import (
    invoice_delete,
    invoice_lock,
    invoice_unlock,
    invoice_update_posted,
)
from ar.services.lines import invoice_line_delete
from ar.services.posting import invoice_post, invoice_void
from documents.errors import DocumentLocked
from payments.errors import InvoiceLocked
from payments.services.reversing import payment_void
from tenancy.errors import PermissionRefused
from tests.builders import (
    draft_invoice,
    fresh,
    line,
    lines_of,
    locked_invoice,
    payment,
    posted_invoice,
)
from tests.database import check_now, nothing_changes, refused, refuses, run

pytestmark = pytest.mark.django_db

PEOPLE = ("accountant", "sales", "cashier", "auditor")


def test_owner_locks_and_unlocks(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    locked = invoice_lock(invoice_id=invoice.pk, actor=owner)
    assert (locked.is_locked, locked.locked_by_id) == (True, owner.user_id)
    assert locked.locked_at is not None
    opened = invoice_unlock(invoice_id=invoice.pk, actor=owner)
    assert (opened.is_locked, opened.locked_at, opened.locked_by_id) == (False, None, None)


@pytest.mark.parametrize("role", PEOPLE)
def test_nobody_but_an_owner_locks_or_unlocks(company_a, role):
    with company_a.acting() as owner:
        free, locked = (
            posted_invoice(owner, company_a.customer),
            locked_invoice(owner, company_a.customer),
        )
    with company_a.acting(role) as person:
        with refuses(PermissionRefused):
            invoice_lock(invoice_id=free.pk, actor=person)
        with refuses(PermissionRefused):
            invoice_unlock(invoice_id=locked.pk, actor=person)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ar_invoice SET notes = 'x'",
        "UPDATE ar_invoice SET status = 'paid'",
        "UPDATE ar_invoice SET is_locked = false",
        "UPDATE ar_invoice SET is_locked = false, status = 'paid'",
        "UPDATE ar_invoice SET version = version + 1",
    ],
)
def test_raw_sql_on_a_locked_invoice_is_refused_to_everybody_but_an_owner(
    company_a, role, statement
):
    with company_a.acting() as owner:
        locked_invoice(owner, company_a.customer)
    with company_a.acting(role), nothing_changes(), refused("document_locked"):
        run(statement)


def test_raw_sql_without_an_actor_is_refused_on_a_locked_invoice(company_a):
    with company_a.acting() as owner:
        locked_invoice(owner, company_a.customer)
    with company_a.acting():
        run("SELECT set_config('app.actor_id', '', true)")
        with nothing_changes(), refused("document_locked"):
            run("UPDATE ar_invoice SET notes = 'x'")


def test_raw_sql_cannot_lock_for_anybody_but_an_owner(company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
    with company_a.acting("accountant"), nothing_changes(), refused("document_locked"):
        run("UPDATE ar_invoice SET is_locked = true")


def test_owner_edits_a_locked_invoice_but_not_its_state(in_company_a, owner):
    invoice = locked_invoice(owner, in_company_a.customer)

    run("UPDATE ar_invoice SET notes = 'seen'")
    check_now()
    assert fresh(invoice).notes == "seen"
    for statement in (
        "UPDATE ar_invoice SET status = 'paid'",
        "UPDATE ar_invoice SET status = 'void'",
        "UPDATE ar_invoice SET allocated_amount = total",
    ):
        with nothing_changes(), refused("document_locked"):
            run(statement)


def test_accountant_edits_only_while_it_is_not_locked(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    with company_a.acting("accountant") as accountant:
        edited = invoice_update_posted(
            invoice_id=invoice.pk, changes={"notes": "fine"}, version=None, actor=accountant
        )
        assert edited.notes == "fine"
    with company_a.acting() as owner:
        invoice_lock(invoice_id=invoice.pk, actor=owner)
    with company_a.acting("accountant") as accountant, refuses(DocumentLocked):
        invoice_update_posted(
            invoice_id=invoice.pk, changes={"notes": "no"}, version=None, actor=accountant
        )


def test_locked_draft_is_not_posted_even_by_an_owner(in_company_a, owner):
    draft = draft_invoice(owner, in_company_a.customer)
    invoice_lock(invoice_id=draft.pk, actor=owner)

    with refuses(DocumentLocked):
        invoice_post(invoice_id=draft.pk, actor=owner)


def test_locked_draft_and_its_lines_are_safe_from_everybody_but_an_owner(company_a):
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer, [line(), line()])
        invoice_lock(invoice_id=draft.pk, actor=owner)
    with company_a.acting("accountant") as accountant:
        with refuses(DocumentLocked):
            invoice_delete(invoice_id=draft.pk, actor=accountant)
        with refuses(DocumentLocked):
            invoice_line_delete(
                invoice_id=draft.pk, line_id=lines_of(draft)[0].pk, actor=accountant
            )
        for statement in (
            "DELETE FROM ar_invoiceline",
            "UPDATE ar_invoiceline SET quantity = 9",
            "DELETE FROM ar_invoiceline; DELETE FROM ar_invoice",
        ):
            with nothing_changes(), refused("document_locked"):
                run(statement)


def test_locked_invoice_is_not_voided(in_company_a, owner):
    invoice = locked_invoice(owner, in_company_a.customer)

    with refuses(DocumentLocked):
        invoice_void(invoice_id=invoice.pk, actor=owner, reason="x")


def test_locked_invoice_takes_no_money(in_company_a, owner):
    invoice = locked_invoice(owner, in_company_a.customer)

    with refuses(InvoiceLocked):
        payment(owner, in_company_a.customer, "50", allocations=[(invoice, "50")])


def test_first_in_first_out_steps_over_a_locked_invoice(in_company_a, owner):
    locked = locked_invoice(owner, in_company_a.customer)
    later = posted_invoice(owner, in_company_a.customer)

    received = payment(owner, in_company_a.customer, "115")

    assert received.allocated_amount == 115
    assert fresh(later).status == "paid"
    assert fresh(locked).status == "posted"


def test_payment_of_a_locked_invoice_is_not_reversed(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    received = payment(owner, in_company_a.customer, "50", allocations=[(invoice, "50")])
    invoice_lock(invoice_id=invoice.pk, actor=owner)

    with refuses(InvoiceLocked):
        payment_void(payment_id=received.pk, actor=owner)


def test_invoice_with_money_on_it_is_not_voided(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    payment(owner, in_company_a.customer, "50", allocations=[(invoice, "50")])

    with refuses(InvoiceHasPayments):
        invoice_void(invoice_id=invoice.pk, actor=owner, reason="x")
