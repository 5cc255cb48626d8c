from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("commissions", "0001_snapshots"), ("payments", "0002_rules")]
    operations = [
        EnableRowSecurity("commissions_commissionsnapshot"),
        migrations.RunSQL(
            sql=[sql_file(__file__, "snapshots.sql")], reverse_sql=migrations.RunSQL.noop
        ),
        AuditTable("commissions_commissionsnapshot", "commissions.snapshot"),
    ]
