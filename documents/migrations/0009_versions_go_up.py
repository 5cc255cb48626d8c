from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The version of a document never goes back: an outdated page must not look current again (SP-9)."""

    dependencies = [("documents", "0008_states_agree")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
