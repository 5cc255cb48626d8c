from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The trail is written at less work; settled documents get a function of their own (audit.operations.KeepTrail)."""

    dependencies = [("audit", "0002_audit_entry")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "changes.sql"), sql_file(__file__, "trail.sql")],
            reverse_sql=[
                "DROP FUNCTION audit_build_trail(text, text), audit_action(text, text, boolean, boolean)",
            ],
        )
    ]
