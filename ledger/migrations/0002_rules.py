from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity

TABLES = (
    "account",
    "taxcode",
    "period",
    "exchangerate",
    "journalentry",
    "journalline",
    "accountbalance",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_books"), ("audit", "0002_audit_entry")]
    operations = [
        *(EnableRowSecurity(f"ledger_{table}") for table in TABLES),
        migrations.RunSQL(
            sql=[sql_file(__file__, "lines_arrive.sql"), sql_file(__file__, "journal.sql")],
            reverse_sql=migrations.RunSQL.noop,
        ),
        AuditTable("ledger_account", "ledger.account"),
        AuditTable("ledger_taxcode", "ledger.tax_code"),
        AuditTable("ledger_period", "ledger.period"),
        AuditTable("ledger_exchangerate", "ledger.exchange_rate"),
        AuditTable("ledger_journalentry", "ledger.journal_entry", events="insert"),
    ]
