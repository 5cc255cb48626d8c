from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A locked draft stays, no document is born or declared settled, nothing is truncated."""

    dependencies = [("documents", "0002_rules")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards_settled.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
