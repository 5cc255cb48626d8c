from django.db import migrations

from core.sql import sql_file
from tenancy.rls import PinSearchPath


class Migration(migrations.Migration):
    """Closed periods and locks are not got round by DELETE, nor by temporary tables that stand in for them."""

    dependencies = [("ledger", "0013_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "periods_stay.sql")],
            reverse_sql=[
                "DROP TRIGGER a_period_stays ON ledger_period; DROP FUNCTION ledger_period_stays(); "
                "DROP TRIGGER a_lock_guard ON ledger_lockdate; DROP FUNCTION ledger_lock_guard()"
            ],
        ),
        PinSearchPath(
            "ledger_entry_in_open_period()",
            "ledger_first_open_day(bigint, text, date, boolean)",
            "ledger_account_stays()",
            "ledger_guard_manual_lines()",
        ),
    ]
