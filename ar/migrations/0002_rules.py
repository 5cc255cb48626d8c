from django.db import migrations

from audit.operations import AuditLines, AuditTable, KeepHistory
from core.sql import sql_file
from documents.operations import GuardDocument
from tenancy.rls import EnableRowSecurity, definer_functions

TABLES = ("customer", "invoice", "invoiceline", "creditnote", "creditnoteline")


class Migration(migrations.Migration):
    dependencies = [("ar", "0001_invoices"), ("inventory", "0002_rules")]
    operations = [
        *(EnableRowSecurity(f"ar_{table}") for table in TABLES),
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "search.sql"),
                *definer_functions(
                    "ar_search_customers(text, integer)", "ar_search_invoice_numbers(text, integer)"
                ),
            ],
            reverse_sql="DROP FUNCTION ar_search_customers(text, integer), ar_search_invoice_numbers(text, integer)",
        ),
        GuardDocument("ar_invoice", "ar_invoiceline", kind="ar.invoice"),
        GuardDocument("ar_creditnote", "ar_creditnoteline", kind="ar.credit_note"),
        AuditTable("ar_customer", "ar.customer", quiet="updated_at,version,search_text"),
        AuditTable("ar_invoice", "ar.invoice"),
        AuditTable("ar_creditnote", "ar.credit_note"),
        AuditLines("ar_invoiceline", "ar.invoice"),
        AuditLines("ar_creditnoteline", "ar.credit_note"),
        KeepHistory("ar_customer", "ar_historicalcustomer"),
        KeepHistory("ar_invoice", "ar_historicalinvoice"),
        KeepHistory("ar_creditnote", "ar_historicalcreditnote"),
    ]
