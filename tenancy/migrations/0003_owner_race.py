from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The last owner stays under concurrency, too; grants are keyed by company."""

    dependencies = [("tenancy", "0002_policies")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "owner_race.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
