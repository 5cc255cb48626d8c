"""Items as the pickers of documents show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from documents.editing import plain, price_text
from documents.pages import VatChoice
from inventory.models import Item
from inventory.services.items import item_search
from inventory.services.lines import tax_info
from ledger.models import TaxCode

PICKED = 10


def vat_choices(direction: str) -> list[VatChoice]:
    """Return the company's VAT codes of sales or purchases, the usual one first. One statement.

    Category and rate are what the paper charges: nothing under reverse charge and at customs.
    """
    rows = TaxCode.objects.filter(direction=direction, is_active=True)
    arabic = (get_language() or "en").startswith("ar")
    choices = []
    for row in sorted(rows, key=lambda one: (not one.is_default, -one.rate, one.code)):
        info = tax_info(row)
        category, rate = info.charged
        name = row.name_arabic if arabic and row.name_arabic else row.name
        choices.append(
            VatChoice(
                value=row.code,
                label=f"{row.code} · {name}",
                category=category,
                rate=plain(rate),
                code=row.code,
                title=name,
                asks="customs_value" if info.is_customs else "",
            )
        )
    return choices


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
