"""Items of a list."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from inventory.models import Item

MOST_FOUND = 100


def items_found(text: str, *, state: str = "active") -> QuerySet[Item]:
    """Return items by code, barcode or name in either language; all without a text.

    `state`: active, inactive or all; search finds active ones only.
    """
    rows: QuerySet[Item] = Item.objects.select_related("category").order_by("code")
    if text:
        with connection.cursor() as cursor:
            cursor.execute("SELECT item_id FROM inventory_search_items(%s, %s)", [text, MOST_FOUND])
            return rows.filter(pk__in=[row[0] for row in cursor.fetchall()])
    if state != "all":
        rows = rows.filter(is_active=state != "inactive")
    return rows
