"""Indexes that reports read: what is open now, what was settled since a day, what was posted late."""

from typing import ClassVar

from django.db import migrations

INDEXES = {
    # settlements after the day of a report
    "allocation_by_date": "payments_allocation (company_id, date)",
    "payment_on_account": "payments_payment (company_id, date) WHERE status = 'posted' AND open_amount > 0",
    "payment_reversed": "payments_payment (company_id, void_date) WHERE status = 'void'",
    "credit_note_open": "ar_creditnote (company_id, customer_id) WHERE status IN ('posted', 'partially_paid')",
    "supplier_credit_open": "ap_suppliercredit (company_id, supplier_id) WHERE status IN ('posted', 'partially_paid')",
    # entries that came after the day they are dated
    "journal_entry_late": "ledger_journalentry (company_id, posted_at) "
    "WHERE (posted_at AT TIME ZONE 'UTC')::date > date",
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0001_vat_returns"),
        ("ap", "0001_bills"),
        ("ar", "0001_invoices"),
        ("ledger", "0006_period_locks"),
        ("payments", "0006_settlement"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where}", f"DROP INDEX {name}")
        for name, where in INDEXES.items()
    ]
