from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Allocations settle both sides in two currencies, and keep the carrying amounts."""

    dependencies = [("payments", "0005_both_sides")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "settlement.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
