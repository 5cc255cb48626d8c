from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """A posted document has its journal whatever its base total says; the guards of lines read real tables only."""

    dependencies = [("ap", "0011_lines_by_column")]
    operations = [
        GuardDocument("ap_bill", "ap_billline", kind="ap.bill", again=True),
        GuardDocument(
            "ap_suppliercredit", "ap_suppliercreditline", kind="ap.supplier_credit", again=True
        ),
    ]
