"""Items with their versions, for owners."""

from __future__ import annotations

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from inventory.models import Item, ItemCategory
from tenancy.owner_admin import ReadAdmin


@admin.register(Item)
class ItemAdmin(ReadAdmin, SimpleHistoryAdmin):
    list_display = ("code", "name", "name_arabic", "price", "tax_rate", "is_active")
    list_filter = ("is_active", "kind")
    history_list_display = ("name", "price", "version")


@admin.register(ItemCategory)
class ItemCategoryAdmin(ReadAdmin):
    list_display = ("code", "name", "name_arabic")
