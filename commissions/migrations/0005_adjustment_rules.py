from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("commissions", "0004_adjustments_and_payouts")]
    operations = [
        EnableRowSecurity("commissions_commissionadjustment"),
        EnableRowSecurity("commissions_commissionpayout"),
        migrations.RunSQL(
            sql=[sql_file(__file__, "adjustments.sql")], reverse_sql=migrations.RunSQL.noop
        ),
        AuditTable("commissions_commissionadjustment", "commissions.adjustment"),
        AuditTable("commissions_commissionpayout", "commissions.payout"),
    ]
