from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The trail is written at less work; settled documents get a function of their own (audit.operations.KeepTrail)."""

    dependencies = [("audit", "0005_lean_rows")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "images.sql")],
            reverse_sql=[
                # images.sql only rewrote the two trigger functions; what it added goes
                "DROP FUNCTION audit_build_trail(text, text), audit_action(text, text, boolean, boolean)",
            ],
        )
    ]
