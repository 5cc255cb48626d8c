from django.db import migrations

from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity

TABLES = {
    "payments_bankfile": ("payments.bank_file", "insert update delete"),
    "payments_bankstatement": ("payments.bank_statement", "insert delete"),
    "payments_bankline": ("payments.bank_line", "delete"),
    "payments_matchrule": ("payments.match_rule", "insert update delete"),
    "payments_bankmatch": ("payments.bank_match", "insert update"),
    "payments_bankmatchitem": ("payments.bank_match_item", "insert update"),
    "payments_csvlayout": ("payments.csv_layout", "insert update delete"),
}


class Migration(migrations.Migration):
    """Policies, trail and rules of bank statements: lines are frozen, matches add up, statements too."""

    dependencies = [("payments", "0007_bank")]
    operations = [
        *(EnableRowSecurity(table) for table in TABLES),
        migrations.RunSQL(sql=[sql_file(__file__, "bank.sql")], reverse_sql=migrations.RunSQL.noop),
        *(AuditTable(table, entity, events=events) for table, (entity, events) in TABLES.items()),
    ]
