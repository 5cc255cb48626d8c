"""Addresses of items."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from inventory.api.items import ItemDetail, ItemList, ItemSearch

urlpatterns: list[URLPattern] = [
    *both("items", ItemList, "item-list"),
    *both("items/<uuid:item_id>", ItemDetail, "item-detail"),
    *both("item-search", ItemSearch, "item-search"),
]
