from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """POSTED and PARTIALLY PAID are refused where the allocations say otherwise (P5)."""

    dependencies = [("documents", "0007_lean_guard")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards_lean.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
