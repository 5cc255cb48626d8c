from django.db import migrations

from audit.operations import AuditTable


class Migration(migrations.Migration):
    """What became of an import of journals belongs to the trail, too."""

    dependencies = [("ledger", "0010_line_columns"), ("audit", "0002_audit_entry")]
    operations = [
        AuditTable(
            "ledger_journalimport",
            "ledger.journal_import",
            quiet="problems,sample,headings,unknown_accounts",
            events="update delete",
        ),
    ]
