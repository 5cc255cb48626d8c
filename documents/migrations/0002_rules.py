from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_numbers_and_drafts"), ("ledger", "0002_rules")]
    operations = [
        EnableRowSecurity("documents_numbersequence"),
        EnableRowSecurity("documents_documentsummary"),
        EnableRowSecurity("documents_renderedpdf"),
        EnableRowSecurity("documents_draft", own_rows_of="user_id"),
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards.sql"), sql_file(__file__, "kept_rows.sql")],
            reverse_sql=migrations.RunSQL.noop,
        ),
        # typing is not an event: a draft leaves a trace when it is made and when it is discarded
        AuditTable("documents_draft", "documents.draft", secret="payload", events="insert delete"),
        AuditTable("documents_numbersequence", "documents.number_sequence", events="insert"),
    ]
