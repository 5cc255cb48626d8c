from django.db import migrations

from audit.operations import AuditTable
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_alerts")]
    operations = [
        EnableRowSecurity("reports_alert"),
        EnableRowSecurity("reports_alertdismissal"),
        # what is found anew each morning is no change worth a line in the trail; that it appeared and was closed is
        AuditTable(
            "reports_alert", "reports.alert", quiet="seen_at,count,amount,since,name,name_arabic"
        ),
        AuditTable("reports_alertdismissal", "reports.alert_dismissal"),
    ]
