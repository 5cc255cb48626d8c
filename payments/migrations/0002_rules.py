from django.db import migrations

from audit.operations import AuditTable, KeepHistory
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments"), ("ar", "0002_rules")]
    operations = [
        EnableRowSecurity("payments_paymentaccount"),
        EnableRowSecurity("payments_payment"),
        EnableRowSecurity("payments_allocation"),
        migrations.RunSQL(
            sql=[sql_file(__file__, "arrive.sql"), sql_file(__file__, "allocations.sql")],
            reverse_sql=migrations.RunSQL.noop,
        ),
        AuditTable("payments_paymentaccount", "payments.payment_account"),
        AuditTable("payments_payment", "payments.payment"),
        AuditTable("payments_allocation", "payments.allocation", events="insert"),
        KeepHistory("payments_payment", "payments_historicalpayment"),
    ]
