"""Items: create, change, deactivate (PS-5)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from core.errors import N_, DomainError, ValidationErrors
from core.text import search_key
from core.transactions import write
from documents.errors import UnknownItem
from documents.versions import Conflict
from inventory.models import Item
from tenancy.permissions import require
from tenancy.principal import Principal

FIELDS = (
    "code",
    "barcode",
    "name",
    "name_arabic",
    "category_id",
    "kind",
    "unit",
    "price",
    "tax_category",
    "tax_rate",
    "tax_code",
    "is_controlled_drug",
    "is_active",
)


class DuplicateItemCode(DomainError):
    """Code or barcode is used by another item of the company."""

    code = "duplicate_code"
    status = 409


def item_search_text(item: Item) -> str:
    """Return the key that search as you type looks in (PS-16)."""
    return search_key(item.code, item.barcode, item.name, item.name_arabic)


def _prepare(item: Item) -> None:
    item.search_text = item_search_text(item)
    try:
        item.clean_fields(exclude=["company", "category"])
    except ValidationError as error:
        raise ValidationErrors(
            DomainError(str(message), code="invalid", field=name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error
    others = Item.objects.exclude(pk=item.pk)
    if others.filter(code=item.code).exists():
        raise DuplicateItemCode(N_("This code is used by another item."), field="code")
    if item.barcode and others.filter(barcode=item.barcode).exists():
        raise DuplicateItemCode(N_("This barcode is used by another item."), field="barcode")


@write
def item_create(*, values: Mapping[str, Any], actor: Principal) -> Item:
    """Create an item. Raises ValidationErrors, DuplicateItemCode."""
    require(actor, "inventory.item.edit")
    item = Item(**{name: values[name] for name in FIELDS if name in values})
    _prepare(item)
    item.save(force_insert=True)
    return item


@write
def item_update(
    *, item_id: uuid.UUID, values: Mapping[str, Any], version: int | None, actor: Principal
) -> Item:
    """Change an item; raises Conflict when it was changed since `version` (SP-9)."""
    require(actor, "inventory.item.edit")
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise UnknownItem(N_("There is no such item."), field="item")
    changes = {name: values[name] for name in FIELDS if name in values}
    if version is not None and version != item.version:
        raise Conflict(
            current_version=item.version,
            changes={
                name: {"yours": value, "theirs": getattr(item, name)}
                for name, value in changes.items()
                if str(value) != str(getattr(item, name))
            },
        )
    for name, value in changes.items():
        setattr(item, name, value)
    item.version += 1
    _prepare(item)
    item.save(update_fields=[*changes, "search_text", "version", "updated_at"])
    return item


def item_search(text: str, *, limit: int = 10) -> list[Item]:
    """Return active items by code, barcode or name in either language, best first (PS-16). Two statements."""
    needle = search_key(text)
    if not needle:
        return list(Item.objects.filter(is_active=True).order_by("code")[:limit])
    with connection.cursor() as cursor:
        cursor.execute("SELECT item_id FROM inventory_search_items(%s, %s)", [needle, limit])
        ids = [row[0] for row in cursor.fetchall()]
    found = {item.pk: item for item in Item.objects.filter(pk__in=ids)}
    return [found[key] for key in ids if key in found]
