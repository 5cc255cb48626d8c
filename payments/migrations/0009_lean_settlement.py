from django.db import migrations

from audit.operations import RebuildHistory


class Migration(migrations.Migration):
    """A payment over a hundred documents writes less for each of them."""

    dependencies = [
        ("payments", "0008_bank_rules"),
        ("audit", "0002_audit_entry"),
        ("documents", "0006_attachments"),
        ("tenancy", "0008_inline_digits"),
        ("ar", "0008_invoice_kinds"),
        ("ap", "0002_rules"),
    ]
    operations = [
        RebuildHistory("ar_invoice", "ar_historicalinvoice"),
        RebuildHistory("ar_creditnote", "ar_historicalcreditnote"),
        RebuildHistory("ap_bill", "ap_historicalbill"),
        RebuildHistory("ap_suppliercredit", "ap_historicalsuppliercredit"),
        RebuildHistory("payments_payment", "payments_historicalpayment"),
    ]
