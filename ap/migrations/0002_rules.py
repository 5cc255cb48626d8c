from django.db import migrations

from audit.operations import AuditLines, AuditTable, KeepHistory
from core.sql import sql_file
from documents.operations import GuardDocument
from tenancy.rls import EnableRowSecurity, definer_functions

TABLES = ("supplier", "bill", "billline", "suppliercredit", "suppliercreditline", "prepaidpart")


class Migration(migrations.Migration):
    dependencies = [("ap", "0001_bills")]
    operations = [
        *(EnableRowSecurity(f"ap_{table}") for table in TABLES),
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "search.sql"),
                *definer_functions(
                    "ap_search_suppliers(text, integer)", "ap_search_bill_numbers(text, integer)"
                ),
                sql_file(__file__, "prepaid.sql"),
            ],
            reverse_sql=[
                "DROP FUNCTION ap_search_suppliers(text, integer), ap_search_bill_numbers(text, integer)",
                "DROP FUNCTION ap_guard_prepaid() CASCADE",
            ],
        ),
        GuardDocument("ap_bill", "ap_billline", kind="ap.bill"),
        GuardDocument("ap_suppliercredit", "ap_suppliercreditline", kind="ap.supplier_credit"),
        AuditTable("ap_supplier", "ap.supplier", quiet="updated_at,version,search_text"),
        AuditTable("ap_bill", "ap.bill"),
        AuditTable("ap_suppliercredit", "ap.supplier_credit"),
        AuditLines("ap_billline", "ap.bill"),
        AuditLines("ap_suppliercreditline", "ap.supplier_credit"),
        AuditTable("ap_prepaidpart", "ap.prepaid_part"),
        KeepHistory("ap_supplier", "ap_historicalsupplier"),
        KeepHistory("ap_bill", "ap_historicalbill"),
        KeepHistory("ap_suppliercredit", "ap_historicalsuppliercredit"),
    ]
