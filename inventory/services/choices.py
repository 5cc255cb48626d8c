"""Items as the pickers of documents show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from documents.editing import plain, price_text
from inventory.models import Item
from inventory.services.items import item_search

PICKED = 10


def item_choice(item: Item, currency: str) -> dict[str, Any]:
    """Return an item as the picker shows it and a line takes it."""
    return {
        "id": str(item.pk),
        "code": item.code,
        "barcode": item.barcode,
        "name": item.name,
        "name_arabic": item.name_arabic,
        "unit": item.unit,
        "price": price_text(item.price, currency),
        "vat_rate": plain(item.tax_rate),
        "tax_category": item.tax_category,
        "tax_code": item.tax_code,
    }


def item_choices(text: str, *, currency: str, limit: int = PICKED) -> list[dict[str, Any]]:
    """Return items for what was typed or scanned, an exact code or barcode first (PS-16)."""
    return [item_choice(item, currency) for item in item_search(text, limit=limit)]


def items_named(names: Sequence[str], *, currency: str) -> dict[str, dict[str, Any]]:
    """Return items by code, barcode or exact name, keyed by what was asked for. Four statements."""
    wanted = {name.strip() for name in names if name.strip()}
    if not wanted:
        return {}
    keys = sorted(wanted)
    by_name: dict[str, Item] = {}
    rows = Item.objects.filter(is_active=True)
    for field in ("name_arabic", "name", "barcode", "code"):
        for item in rows.filter(**{f"{field}__in": keys}):
            by_name[getattr(item, field)] = item
    return {name: item_choice(item, currency) for name, item in by_name.items() if name in wanted}
