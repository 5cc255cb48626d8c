from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """The guards of documents keep one plan, made for keys, whatever the statistics say of a company."""

    dependencies = [("ar", "0014_rate_source")]
    operations = [
        GuardDocument("ar_invoice", "ar_invoiceline", kind="ar.invoice", again=True),
        GuardDocument("ar_creditnote", "ar_creditnoteline", kind="ar.credit_note", again=True),
    ]
