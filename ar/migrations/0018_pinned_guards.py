from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """A posted document has its journal whatever its base total says; the guards of lines read real tables only."""

    dependencies = [("ar", "0017_lines_by_column")]
    operations = [
        GuardDocument("ar_invoice", "ar_invoiceline", kind="ar.invoice", again=True),
        GuardDocument("ar_creditnote", "ar_creditnoteline", kind="ar.credit_note", again=True),
    ]
