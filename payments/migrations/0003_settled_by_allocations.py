from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Settled amounts equal their allocations, and a payment has its journal entry, whatever wrote them."""

    dependencies = [
        ("payments", "0002_rules"),
        ("ar", "0003_line_guards"),
        ("documents", "0002_rules"),
    ]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "settled.sql"), sql_file(__file__, "complete.sql")],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
