from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The guard of posted documents looks at whole rows only where more than their settlement moves."""

    dependencies = [("documents", "0006_attachments")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "guards_lean.sql")], reverse_sql=migrations.RunSQL.noop
        )
    ]
