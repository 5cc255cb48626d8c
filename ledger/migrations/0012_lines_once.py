from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """One trigger judges the lines of a journal, in two questions and by key."""

    dependencies = [("ledger", "0011_import_audit")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "lines_once.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
