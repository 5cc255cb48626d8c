from django.db import migrations

from documents.operations import GuardDocument


class Migration(migrations.Migration):
    """Write the guards anew: a line moved away from a posted document, discounts that include VAT, locked drafts."""

    dependencies = [("ar", "0002_rules"), ("documents", "0002_rules")]
    operations = [
        GuardDocument("ar_invoice", "ar_invoiceline", kind="ar.invoice"),
        GuardDocument("ar_creditnote", "ar_creditnoteline", kind="ar.credit_note"),
        migrations.RunSQL(
            sql="ALTER TABLE ar_creditnote ADD CONSTRAINT credit_note_never_void CHECK (status <> 'void')",
            reverse_sql="ALTER TABLE ar_creditnote DROP CONSTRAINT credit_note_never_void",
        ),
    ]
