from django.db import migrations

from tenancy.rls import PinSearchPath


class Migration(migrations.Migration):
    """The guard of filed VAT returns reads real tables only."""

    dependencies = [("reports", "0005_alert_rules")]
    operations = [PinSearchPath("reports_vat_rows_guard()")]
