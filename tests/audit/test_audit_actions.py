"""Every action has its name in the trail, with who, in which request and why (RR-9)."""

from decimal import Decimal

import pytest

from ar.models import Invoice
from ar.services.customers import customer_update
from ar.services.invoices import invoice_delete, invoice_lock, invoice_unlock, invoice_update_posted
from ar.services.lines import invoice_line_add
from ar.services.posting import invoice_void
from audit.models import AuditEntry
from audit.services.events import audit_event
from documents.typed import parse_line
from tenancy.models import Membership
from tenancy.services.members import grant_set, member_change
from tests.builders import draft_invoice, line, payment, post, posted_invoice
from tests.database import run, value

pytestmark = pytest.mark.django_db


def trail(entity="ar.invoice", key=None):
    """Return the actions of an entity, oldest first."""
    rows = AuditEntry.objects.filter(entity_type=entity).order_by("id")
    return [row.action for row in (rows.filter(entity_id=str(key)) if key else rows)]


def last(entity="ar.invoice"):
    return AuditEntry.objects.filter(entity_type=entity).latest("id")


def test_life_of_an_invoice_is_told_in_words(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)
    post(owner, invoice)
    invoice_lock(invoice_id=invoice.pk, actor=owner)
    invoice_unlock(invoice_id=invoice.pk, actor=owner)
    invoice_update_posted(invoice_id=invoice.pk, changes={"notes": "n"}, version=None, actor=owner)
    invoice_void(invoice_id=invoice.pk, actor=owner, reason="Wrong customer")

    actions = trail(key=invoice.pk)
    # header and lines of the draft; PAID while the credit note settles it
    assert actions == ["CREATE", "CREATE", "POST", "LOCK", "UNLOCK", "UPDATE", "UPDATE", "VOID"]


def test_invoice_posted_at_once_is_a_post(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)

    assert sorted(trail(key=invoice.pk)) == ["CREATE", "POST"]


def test_deletion_keeps_what_was_deleted(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, [line("3", "7")], reference="PO 5")

    invoice_delete(invoice_id=invoice.pk, actor=owner)

    entry = last()
    assert (entry.action, entry.entity_id, entry.old["reference"]) == (
        "DELETE",
        str(invoice.pk),
        "PO 5",
    )
    assert (
        AuditEntry.objects.filter(action="DELETE", old__has_key="lines")
        .get()
        .old["lines"][0]["quantity"]
        == 3
    )


def test_entry_says_who_in_which_request_and_why(company_a):
    with company_a.acting(
        "accountant", request_id="r-17", cause="ar:invoice-create", source="api"
    ) as accountant:
        draft_invoice(accountant, company_a.customer)
        entry = last()

    assert (entry.actor_id, entry.role, entry.source) == (accountant.user_id, "accountant", "api")
    assert (entry.request_id, entry.cause, entry.database_role) == (
        "r-17",
        "ar:invoice-create",
        "app_web",
    )


def test_update_keeps_both_sides_of_what_changed_only(in_company_a, owner):
    customer_update(
        customer_id=in_company_a.customer.pk,
        values={"city": "Jeddah", "notes": ""},
        version=None,
        actor=owner,
    )

    entry = last("ar.customer")
    assert entry.action == "UPDATE"
    assert (entry.old["city"], entry.new["city"]) == ("Riyadh", "Jeddah")
    assert set(entry.new) <= {"city", "search_text", "version", "updated_at"}


def test_write_that_changes_nothing_leaves_no_entry(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)
    before = AuditEntry.objects.count()

    run("UPDATE ar_invoice SET notes = notes, version = version + 1, updated_at = now()")

    assert AuditEntry.objects.count() == before


def test_added_line_is_an_event_of_its_document(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)
    invoice_line_add(invoice_id=invoice.pk, typed=parse_line(line("2", "5")), actor=owner)

    added = AuditEntry.objects.filter(entity_id=str(invoice.pk), new__has_key="lines").latest("id")
    assert added.new["lines"][0]["quantity"] == 2


def test_payments_allocations_and_commissions_are_in_the_trail(in_company_a, owner):
    invoice = posted_invoice(
        owner, in_company_a.customer, salesperson=in_company_a.users["sales"].pk
    )
    payment(owner, in_company_a.customer, invoice.total)

    assert trail("payments.payment")[0] == "CREATE"
    assert trail("payments.allocation") == ["CREATE"]
    assert trail("commissions.snapshot") == ["CREATE"]
    assert trail("ledger.journal_entry") == ["CREATE", "CREATE"]


def test_roles_and_grants_are_in_the_trail(in_company_a, owner):
    membership = Membership.objects.get(user=in_company_a.users["cashier"])
    member_change(membership_id=membership.pk, actor_id=owner.user_id, role="sales")
    grant_set(
        user_id=membership.user_id,
        permission="ar.invoice.post",
        granted=True,
        actor_id=owner.user_id,
    )
    grant_set(
        user_id=membership.user_id,
        permission="ar.invoice.post",
        granted=False,
        actor_id=owner.user_id,
    )

    changed = last("tenancy.membership")
    assert (changed.old["role"], changed.new["role"]) == ("cashier", "sales")
    assert trail("tenancy.grant") == ["CREATE", "DELETE"]


def test_events_that_are_no_row_change_are_written_by_name(in_company_a, owner):
    for action in ("LOGIN", "PRINT", "EXPORT"):
        audit_event(action, "tenancy.user", owner.user_id, {"address": "10.0.0.1"})

    assert trail("tenancy.user") == ["LOGIN", "PRINT", "EXPORT"]
    assert (last("tenancy.user").actor_id, last("tenancy.user").new) == (
        owner.user_id,
        {"address": "10.0.0.1"},
    )


def test_raw_sql_is_in_the_trail_with_its_source(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
        for name in ("app.actor_id", "app.role", "app.source", "app.cause", "app.request_id"):
            run("SELECT set_config(%s, '', true)", [name])
        run("UPDATE ar_invoice SET notes = 'by hand'")
        entry = last()

    assert (entry.action, entry.entity_id, entry.source) == ("UPDATE", str(invoice.pk), "sql")
    assert (entry.actor_id, entry.role, entry.database_role) == (None, "", "app_web")


def test_bulk_changes_are_in_the_trail_row_by_row(in_company_a, owner):
    first, second = (draft_invoice(owner, in_company_a.customer) for _ in range(2))

    Invoice.objects.update(reference="bulk")

    for invoice in (first, second):
        assert (
            AuditEntry.objects.filter(entity_id=str(invoice.pk), new__reference="bulk").count() == 1
        )


def test_what_somebody_types_is_not_copied_into_the_trail(in_company_a, owner):
    run(
        "INSERT INTO documents_draft (id, company_id, user_id, kind, name, payload, version, created_at, updated_at) "
        "VALUES (gen_random_uuid(), %s, %s, 'ar.invoice', '', '{\"secret\": 1}', 1, now(), now())",
        [in_company_a.id, owner.user_id],
    )

    assert "payload" not in last("documents.draft").new


@pytest.mark.parametrize(
    ("table", "model_table"),
    [
        ("ar_historicalcustomer", "ar_customer"),
        ("ar_historicalinvoice", "ar_invoice"),
        ("inventory_historicalitem", "inventory_item"),
        ("payments_historicalpayment", "payments_payment"),
    ],
)
def test_history_holds_raw_and_bulk_changes(in_company_a, owner, table, model_table):
    posted_invoice(owner, in_company_a.customer)
    payment(owner, in_company_a.customer, "1")
    before = value(f"SELECT count(*) FROM {table} WHERE history_type = '~'")

    run(f"UPDATE {model_table} SET version = version + 1")

    changed = value(f"SELECT count(*) FROM {model_table}")
    assert value(f"SELECT count(*) FROM {table} WHERE history_type = '~'") == before + changed
    assert value(
        f"SELECT bool_and(h.history_user_id = %s AND h.version = m.version) FROM {model_table} m "
        f"JOIN LATERAL (SELECT * FROM {table} h WHERE h.id = m.id ORDER BY history_date DESC LIMIT 1) h ON true",
        [owner.user_id],
    )


def test_history_of_a_customer_reads_like_the_row_was(in_company_a, owner):
    customer = in_company_a.customer
    customer_update(
        customer_id=customer.pk, values={"credit_limit": Decimal(500)}, version=None, actor=owner
    )

    newest, oldest = customer.history.order_by("-history_date")[:2]
    assert (newest.credit_limit, newest.history_type) == (Decimal(500), "~")
    assert (oldest.credit_limit, oldest.history_type) == (None, "+")
