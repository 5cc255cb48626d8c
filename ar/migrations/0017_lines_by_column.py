from django.db import migrations

from audit.operations import KeepLines


class Migration(migrations.Migration):
    """The trail keeps lines by column."""

    dependencies = [("ar", "0016_fewer_indexes"), ("audit", "0007_lines_by_column")]
    operations = [
        KeepLines("ar_invoiceline", "ar.invoice"),
        KeepLines("ar_creditnoteline", "ar.credit_note"),
    ]
