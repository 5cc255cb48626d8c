from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A document's version never goes back (SP-9); the moment of payment stays while the state does (RR-6)."""

    dependencies = [("documents", "0008_states_agree")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
