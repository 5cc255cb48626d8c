from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """The guards of documents keep one plan, made for keys, whatever the statistics say of a company."""

    dependencies = [("ap", "0008_rate_source")]
    operations = [
        GuardDocument("ap_bill", "ap_billline", kind="ap.bill", again=True),
        GuardDocument(
            "ap_suppliercredit", "ap_suppliercreditline", kind="ap.supplier_credit", again=True
        ),
    ]
