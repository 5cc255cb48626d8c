"""`manage.py verify` finds each kind of mistake, however it came in, and nothing where nothing is wrong."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from reports.verify.run import verify_company, verify_database
from tests import builders
from tests.cast import cast_make
from tests.payments.bank import every_bank_row

pytestmark = pytest.mark.django_db(transaction=True)

#: check -> a mistake as somebody with the superuser's rights could make it; the triggers do not run.
MISTAKES = {
    "journals balanced": "UPDATE ledger_journalline SET debit = debit + 1 WHERE id = "
    "(SELECT id FROM ledger_journalline WHERE debit > 0 ORDER BY id LIMIT 1)",
    "journals in their period": "UPDATE ledger_journalline SET date = date - 400 WHERE id = "
    "(SELECT id FROM ledger_journalline ORDER BY id LIMIT 1)",
    "kept balances": "UPDATE ledger_accountbalance SET credit = credit + 5 WHERE id = "
    "(SELECT id FROM ledger_accountbalance WHERE credit > 0 ORDER BY id LIMIT 1)",
    "trial balance": "UPDATE ledger_accountbalance SET debit = debit + 5 WHERE id = "
    "(SELECT id FROM ledger_accountbalance ORDER BY id LIMIT 1)",
    "entries have their source": "UPDATE ledger_journalentry SET source_id = uuidv7() WHERE id = "
    "(SELECT id FROM ledger_journalentry WHERE source_kind = 'payments.payment' LIMIT 1)",
    "stored totals": "UPDATE ar_invoice SET subtotal = subtotal - 1, total = total - 1 WHERE status = 'draft'",
    "line amounts": "UPDATE ar_invoiceline SET quantity = quantity + 1 WHERE id = "
    "(SELECT id FROM ar_invoiceline ORDER BY id LIMIT 1)",
    "documents have their journal": "DELETE FROM ledger_journalentry WHERE source_kind = 'ar.invoice'",
    "document summaries": "UPDATE documents_documentsummary SET document_count = document_count + 1",
    "number series": "UPDATE documents_numbersequence SET last_number = last_number + 1 WHERE kind = 'ar.invoice'",
    "receivables by customer": "UPDATE ledger_journalline SET party_id = (SELECT id FROM ar_customer "
    "WHERE name = 'Second customer' LIMIT 1) WHERE party_id IS NOT NULL AND credit > 0",
    "receivables in total": "UPDATE ledger_accountbalance b SET debit = b.debit + 7 FROM ledger_account a "
    "WHERE a.id = b.account_id AND a.role = 'ar_control'",
    "allocations": "UPDATE payments_payment SET allocated_amount = allocated_amount - 1",
    "exchange differences": "UPDATE payments_allocation SET source_base_amount = source_base_amount - 1",
    "states follow what is open": "UPDATE ar_invoice SET status = 'paid' WHERE status = 'partially_paid'",
    "payments have their journal": "UPDATE payments_payment SET base_amount = base_amount + 1",
    "commissions": "DELETE FROM commissions_commissionsnapshot",
    "bank statements": "UPDATE payments_bankstatement SET closing_balance = closing_balance + 1",
    "bank matches": "UPDATE payments_bankline SET is_matched = NOT is_matched",
    "matched bookings": "UPDATE payments_bankmatchitem SET amount = amount + 1",
    "reversals mirror": "UPDATE ledger_journalentry SET reverses_id = (SELECT id FROM ledger_journalentry ORDER BY id LIMIT 1) "
    "WHERE id = (SELECT id FROM ledger_journalentry ORDER BY id DESC LIMIT 1)",
    "an active owner": "UPDATE tenancy_membership SET is_active = false WHERE role = 'owner'",
    "audit trail": "DELETE FROM audit_log WHERE action = 'POST'",
    "row-level security": "ALTER TABLE ar_invoice NO FORCE ROW LEVEL SECURITY",
    "triggers switched on": "ALTER TABLE ar_invoiceline DISABLE TRIGGER z_audit_insert",
}
PUT_RIGHT = {
    "row-level security": "ALTER TABLE ar_invoice FORCE ROW LEVEL SECURITY",
    "triggers switched on": "ALTER TABLE ar_invoiceline ENABLE TRIGGER z_audit_insert",
}


@pytest.fixture
def company():
    """A company with a draft, a paid, a partially paid, a credited and an open invoice."""
    company = cast_make("Verify")
    with company.acting() as owner:
        seller = company.users["sales"].pk
        builders.draft_invoice(owner, company.customer)
        paid = builders.posted_invoice(owner, company.customer, salesperson=seller)
        part = builders.posted_invoice(owner, company.customer)
        builders.voided_invoice(owner, company.customer)
        builders.posted_invoice(owner, company.other_customer)
        builders.payment(owner, company.customer, "115.00", allocations=[(paid, "115.00")])
        builders.payment(owner, company.customer, "40.00", allocations=[(part, "40.00")])
        every_bank_row(owner)
    return company


def failed(company):
    return {
        outcome.check.name
        for outcomes in (verify_database(), verify_company(company.id))
        for outcome in outcomes
        if outcome.count
    }


def test_what_the_services_wrote_is_clean(company):
    assert failed(company) == set()


@pytest.mark.parametrize("check", MISTAKES)
def test_a_planted_mistake_is_found(company, sec, check):
    try:
        with sec.transaction():
            sec.execute("SET LOCAL session_replication_role = replica")
            changed = sec.execute(MISTAKES[check])
        assert check in PUT_RIGHT or changed.rowcount > 0
        assert check in failed(company)
    finally:
        if check in PUT_RIGHT:
            sec.execute(PUT_RIGHT[check])


#: (check, another mistake it has to find, how it is put right where the reset of the rows does not)
MORE = [
    (
        "documents have their journal",
        "UPDATE ar_invoice SET number = 'X-9' WHERE id = (SELECT id FROM ar_invoice WHERE status = 'posted' LIMIT 1)",
        "",
    ),
    (
        "commissions",
        "UPDATE ar_invoice SET commission_base_posted = commission_base, commission_base = 12 WHERE status = 'posted'",
        "",
    ),
    ("audit trail", "DELETE FROM audit_log WHERE entity_type = 'ledger.journal_entry'", ""),
    ("audit trail", "DELETE FROM audit_log WHERE entity_type = 'payments.payment'", ""),
    (
        "row-level security",
        "CREATE POLICY wide ON ar_customer USING (true)",
        "DROP POLICY wide ON ar_customer",
    ),
    (
        "row-level security",
        "ALTER POLICY tenant ON ar_customer USING (company_id = company_id)",
        "ALTER POLICY tenant ON ar_customer USING (company_id = "
        "NULLIF(current_setting('app.company_id', true), '')::bigint)",
    ),
    (
        "triggers switched on",
        "ALTER TRIGGER a_guard ON ar_invoice RENAME TO kept",
        "ALTER TRIGGER kept ON ar_invoice RENAME TO a_guard",
    ),
    (
        "triggers switched on",
        "ALTER TABLE ar_invoice ENABLE REPLICA TRIGGER a_guard",
        "ALTER TABLE ar_invoice ENABLE TRIGGER a_guard",
    ),
    (
        "constraints valid",
        "ALTER TABLE ar_invoice RENAME CONSTRAINT ar_invoice_amounts_finite TO kept",
        "ALTER TABLE ar_invoice RENAME CONSTRAINT kept TO ar_invoice_amounts_finite",
    ),
    (
        "rights of the application",
        "GRANT UPDATE ON ledger_journalline TO app_web",
        "REVOKE UPDATE ON ledger_journalline FROM app_web",
    ),
    (
        "rights of the application",
        "GRANT DELETE ON ar_historicalcustomer TO app_web",
        "REVOKE DELETE ON ar_historicalcustomer FROM app_web",
    ),
]


@pytest.mark.parametrize(("check", "mistake", "back"), MORE)
def test_other_ways_to_break_a_promise_are_found(company, sec, check, mistake, back):
    try:
        with sec.transaction():
            sec.execute("SET LOCAL session_replication_role = replica")
            sec.execute(mistake)
        assert failed(company) == {check}
    finally:
        if back:
            sec.execute(back)


def test_the_command_ends_with_one_when_something_is_wrong(company, sec):
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert "OK    " in out.getvalue()
    assert "FAIL" not in out.getvalue()
    with sec.transaction():
        sec.execute("SET LOCAL session_replication_role = replica")
        sec.execute("UPDATE documents_documentsummary SET document_count = document_count + 1")
    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=out)
    assert ended.value.code == 1
    assert "FAIL" in out.getvalue()


def test_missing_totals_of_drafts_are_filled_once(company, sec):
    with sec.transaction():
        sec.execute("SET LOCAL session_replication_role = replica")
        sec.execute(
            "UPDATE ar_invoice SET total = NULL, subtotal = NULL, tax_amount = NULL WHERE status = 'draft'"
        )
        # the counts were kept without the draft's total
        sec.execute(
            "UPDATE documents_documentsummary SET total = 0, open_amount = 0 WHERE status = 'draft'"
        )
    for filled in ("1 filled", "0 filled"):
        out = io.StringIO()
        call_command("populate_invoice_totals", stdout=out)
        assert f"ar.invoice       {filled}" in out.getvalue()
    with company.scope(), transaction.atomic():
        assert failed(company) == set()
