from django.db import migrations

from audit.operations import KeepTrail
from core.sql import sql_file

PLANS = "ALTER FUNCTION {name}() {change} plan_cache_mode{value}"
CHECKS = ("payments_settled_by_allocations", "payments_journal_complete")


def plans(change: str, value: str) -> list[str]:
    """Return what gives the functions of app_sec one plan, made for keys, or takes it from them."""
    return [
        "SET LOCAL ROLE app_sec",
        *(PLANS.format(name=name, change=change, value=value) for name in CHECKS),
        "RESET ROLE",
    ]


class Migration(migrations.Migration):
    """A payment finds what it settles by key, and leaves its trail without taking rows apart."""

    dependencies = [
        ("payments", "0009_lean_settlement"),
        ("audit", "0006_images"),
        ("ar", "0015_guards_by_key"),
        ("ap", "0009_guards_by_key"),
    ]
    operations = [
        migrations.RunSQL(
            sql=[sql_file(__file__, "arrive.sql")], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            sql=plans("SET", " = force_generic_plan"), reverse_sql=plans("RESET", "")
        ),
        KeepTrail("ar_invoice", "ar_historicalinvoice", "ar.invoice"),
        KeepTrail("ar_creditnote", "ar_historicalcreditnote", "ar.credit_note"),
        KeepTrail("ap_bill", "ap_historicalbill", "ap.bill"),
        KeepTrail("ap_suppliercredit", "ap_historicalsuppliercredit", "ap.supplier_credit"),
        KeepTrail("payments_payment", "payments_historicalpayment", "payments.payment"),
    ]
