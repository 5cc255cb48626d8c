from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """The line guard looks each document up by its key, so that a bulk import is not quadratic."""

    dependencies = [("ar", "0003_line_guards")]
    operations = [
        GuardDocument("ar_invoice", "ar_invoiceline", kind="ar.invoice"),
        GuardDocument("ar_creditnote", "ar_creditnoteline", kind="ar.credit_note"),
    ]
