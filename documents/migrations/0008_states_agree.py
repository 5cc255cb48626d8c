from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """POSTED and PARTIALLY PAID are refused where the allocations say otherwise (P5)."""

    dependencies = [("documents", "0006_attachments")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
