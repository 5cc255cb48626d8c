from django.db import migrations

from audit.operations import KeepLines


class Migration(migrations.Migration):
    """The trail keeps lines by column."""

    dependencies = [("ap", "0010_fewer_indexes"), ("audit", "0007_lines_by_column")]
    operations = [
        KeepLines("ap_billline", "ap.bill"),
        KeepLines("ap_suppliercreditline", "ap.supplier_credit"),
    ]
