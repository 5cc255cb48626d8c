from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file


class Migration(migrations.Migration):
    initial = True
    dependencies = [("tenancy", "0002_policies")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, name) for name in ("log.sql", "ownership.sql", "changes.sql")],
            reverse_sql=(
                "SET LOCAL ROLE app_sec; DROP TABLE audit_log; "
                "DROP FUNCTION audit_is_append_only(), audit_make_partitions(date), "
                "audit_event(text, text, text, jsonb), audit_row_changes(), audit_line_changes(); "
                "RESET ROLE; "
                "DROP FUNCTION audit_action(jsonb, jsonb), audit_scope(), audit_build_history(text, text)"
            ),
        ),
        AuditTable("tenancy_company", "tenancy.company"),
        AuditTable("tenancy_branch", "tenancy.branch"),
        AuditTable("tenancy_membership", "tenancy.membership"),
        AuditTable("tenancy_companyusergrant", "tenancy.grant"),
    ]
