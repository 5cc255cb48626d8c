from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The commission base and percent of a posted invoice follow from its story, whoever writes (RR-6, RR-7)."""

    dependencies = [("ar", "0018_pinned_guards")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "commission.sql")],
            reverse_sql=["DROP FUNCTION ar_guard_commission() CASCADE"],
        )
    ]
