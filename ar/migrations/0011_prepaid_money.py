from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A payment of a prepayment that is used is not undone under it."""

    dependencies = [("ar", "0010_credit_rules")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "prepaid_money.sql")],
            reverse_sql=[
                "SET LOCAL ROLE app_sec; DROP FUNCTION ar_prepayment_still_paid() CASCADE; RESET ROLE"
            ],
        )
    ]
