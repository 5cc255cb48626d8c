from django.db import migrations

from audit.operations import AuditTable, RebuildHistory
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity

TABLES = (
    ("writeoff", "ar.write_off"),
    ("prepaymentuse", "ar.prepayment_use"),
    ("reminderlevel", "ar.reminder_level"),
    ("reminder", "ar.reminder"),
    ("reminderitem", "ar.reminder_item"),
    ("recurringinvoice", "ar.recurring_invoice"),
    ("recurringrun", "ar.recurring_run"),
)


class Migration(migrations.Migration):
    """Nobody credits more than was sold or uses more of a prepayment than was paid; relief is history."""

    dependencies = [("ar", "0009_relief_reminders_recurring")]
    operations = [
        *(EnableRowSecurity(f"ar_{table}") for table, _ in TABLES),
        *(
            AuditTable(f"ar_{table}", entity, quiet="updated_at,version,attempts")
            for table, entity in TABLES
        ),
        migrations.RunSQL(
            sql=[sql_file(__file__, "credited.sql")],
            reverse_sql=[
                "DROP TRIGGER d_credited ON ar_creditnote; DROP FUNCTION ar_guard_relief() CASCADE; "
                "SET LOCAL ROLE app_sec; DROP FUNCTION ar_credited_within_invoice() CASCADE; "
                "DROP FUNCTION ar_prepayment_used_within_paid() CASCADE; RESET ROLE"
            ],
        ),
        RebuildHistory("ar_invoice", "ar_historicalinvoice"),
    ]
