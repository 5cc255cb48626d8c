from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Journal lines carry no digits below the company currency's minor unit (L8)."""

    dependencies = [("ledger", "0002_rules")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "minor_units.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
