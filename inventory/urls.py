"""Addresses of items."""

from django.urls import path

from inventory.views import items

app_name = "inventory"
urlpatterns = [
    path("items/", items.item_list, name="item-list"),
    path("items/new/", items.item_create_page, name="item-create"),
    path("items/<uuid:item_id>/", items.item_edit_page, name="item-edit"),
]
