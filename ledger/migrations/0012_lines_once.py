from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """One trigger judges the lines of a journal, in two questions and by key.

    A new database has it from 0002 on; an older one gets it here, and loses the two it replaces.
    """

    dependencies = [("ledger", "0011_import_audit")]
    operations = [
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "lines_arrive.sql"),
                "SET LOCAL ROLE app_sec",
                "ALTER FUNCTION ledger_entry_complete() SET plan_cache_mode = force_generic_plan",
                "DROP FUNCTION IF EXISTS ledger_lines_by_hand() CASCADE",
                "RESET ROLE",
                "DROP FUNCTION IF EXISTS ledger_lines_tax_lock() CASCADE",
                "GRANT SELECT ON ledger_lockdate, ledger_taxcode, ledger_period TO app_sec",
            ],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
