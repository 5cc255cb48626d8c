from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Money is inserted with the sums of what it settles at once, which saves a second version of its row."""

    dependencies = [("payments", "0010_settle_by_key")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "arrive.sql"), sql_file(__file__, "born_settled.sql")],
            reverse_sql=[
                "CREATE OR REPLACE TRIGGER a_guard_new BEFORE INSERT ON payments_payment FOR EACH ROW "
                "WHEN (NEW.allocated_amount <> 0 OR NEW.allocated_base <> 0 OR NEW.status <> 'posted') "
                "EXECUTE FUNCTION payments_refuse_settled()"
            ],
        )
    ]
