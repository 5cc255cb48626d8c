from django.db import migrations

from core.sql import sql_file

TABLES = ("ar_invoice", "ar_creditnote", "ap_bill", "ap_suppliercredit", "payments_payment")
CHECKED = (
    "CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "
    "FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations()"
)


class Migration(migrations.Migration):
    """The hundredth allocation of a document costs what the first did: sums are moved, not made anew."""

    dependencies = [("payments", "0012_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "arrive.sql"),
                sql_file(__file__, "settled_by_others.sql"),
            ],
            reverse_sql=[CHECKED.format(table) for table in TABLES],
        )
    ]
