from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Nobody takes back more of a bill than was billed."""

    dependencies = [("ap", "0003_credited")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "credited.sql")],
            reverse_sql=[
                "DROP TRIGGER d_credited ON ap_suppliercredit; "
                "SET LOCAL ROLE app_sec; DROP FUNCTION ap_credited_within_bill() CASCADE; RESET ROLE"
            ],
        )
    ]
