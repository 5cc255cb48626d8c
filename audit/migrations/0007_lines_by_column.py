from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Images of lines are kept by column (audit.operations.KeepLines)."""

    dependencies = [("audit", "0006_images")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "lines_by_column.sql")],
            reverse_sql=["DROP FUNCTION audit_build_lines(text, text)"],
        )
    ]
