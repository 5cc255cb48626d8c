from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """What is relieved in base currency, and what is held back from settlement, may move on a posted document."""

    dependencies = [("documents", "0003_settled_by_allocations")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards_base.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
