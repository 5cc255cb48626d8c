"""Customers with their versions, for owners."""

from __future__ import annotations

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from ar.models import Customer
from tenancy.owner_admin import ReadAdmin


@admin.register(Customer)
class CustomerAdmin(ReadAdmin, SimpleHistoryAdmin):
    list_display = ("code", "name", "name_arabic", "vat_number", "is_active")
    list_filter = ("is_active",)
    history_list_display = ("name", "is_active", "version")
