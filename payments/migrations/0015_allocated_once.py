from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """One function sums up what is allocated to an item of any kind; the checks of kept sums ask it."""

    dependencies = [("payments", "0014_pinned_guard")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "settled.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
