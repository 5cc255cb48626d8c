from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Images of changed rows at half the work; settlements leave no row in a document's history of versions."""

    dependencies = [("audit", "0004_rows_by_key")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "lean_rows.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
