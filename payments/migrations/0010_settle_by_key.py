from django.db import migrations

from audit.operations import KeepTrail


class Migration(migrations.Migration):
    """What a payment settles leaves its trail without taking rows apart."""

    dependencies = [
        ("payments", "0009_lean_settlement"),
        ("audit", "0006_images"),
        ("ar", "0015_guards_by_key"),
        ("ap", "0009_guards_by_key"),
    ]
    operations = [
        KeepTrail("ar_invoice", "ar_historicalinvoice", "ar.invoice"),
        KeepTrail("ar_creditnote", "ar_historicalcreditnote", "ar.credit_note"),
        KeepTrail("ap_bill", "ap_historicalbill", "ap.bill"),
        KeepTrail("ap_suppliercredit", "ap_historicalsuppliercredit", "ap.supplier_credit"),
        KeepTrail("payments_payment", "payments_historicalpayment", "payments.payment"),
    ]
