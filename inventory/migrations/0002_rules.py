from django.db import migrations

from audit.operations import AuditTable, KeepHistory
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity, definer_functions


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_items"), ("documents", "0002_rules")]
    operations = [
        EnableRowSecurity("inventory_itemcategory"),
        EnableRowSecurity("inventory_item"),
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "search.sql"),
                *definer_functions("inventory_search_items(text, integer)"),
            ],
            reverse_sql="DROP FUNCTION inventory_search_items(text, integer)",
        ),
        AuditTable("inventory_itemcategory", "inventory.item_category"),
        AuditTable("inventory_item", "inventory.item", quiet="updated_at,version,search_text"),
        KeepHistory("inventory_item", "inventory_historicalitem"),
    ]
