from django.db import migrations


class Migration(migrations.Migration):
    """The guards at commit run as app_sec and read payments and allocations: without the right every payment fails."""

    dependencies = [("payments", "0003_settled_by_allocations")]
    operations = [
        migrations.RunSQL(
            sql="GRANT SELECT ON payments_payment, payments_allocation TO app_sec",
            reverse_sql="REVOKE SELECT ON payments_payment, payments_allocation FROM app_sec",
        )
    ]
