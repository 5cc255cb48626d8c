from django.db import migrations

from audit.operations import AuditLines, AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity

TABLES = (
    "journalimport",
    "journaltemplate",
    "journaltemplateline",
    "recurringjournal",
    "manualjournal",
    "manualjournalline",
)


class Migration(migrations.Migration):
    """What the database promises about journals by hand: frozen once posted, no line on a control account."""

    dependencies = [("ledger", "0007_manual_journals"), ("audit", "0002_audit_entry")]
    operations = [
        *(EnableRowSecurity(f"ledger_{table}") for table in TABLES),
        migrations.RunSQL(
            sql=[sql_file(__file__, "manual.sql")], reverse_sql=migrations.RunSQL.noop
        ),
        AuditTable("ledger_journalimport", "ledger.journal_import", events="insert"),
        AuditTable("ledger_journaltemplate", "ledger.journal_template"),
        AuditLines("ledger_journaltemplateline", "ledger.journal_template"),
        AuditTable(
            "ledger_recurringjournal",
            "ledger.recurring_journal",
            quiet="version,last_run_at,last_message,last_result,last_date,next_date,runs",
        ),
        AuditTable("ledger_manualjournal", "ledger.manual_journal"),
        AuditLines("ledger_manualjournalline", "ledger.manual_journal"),
    ]
