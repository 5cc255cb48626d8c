from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The commission base and the moment of payment of a posted invoice follow from its story, whoever writes (RR-7)."""

    dependencies = [("ar", "0018_pinned_guards"), ("documents", "0009_versions_go_up")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "commission.sql")],
            reverse_sql=[
                "DROP TRIGGER b_paid_once ON ar_invoice; DROP FUNCTION ar_guard_commission() CASCADE"
            ],
        )
    ]
