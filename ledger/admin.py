"""Accounts and VAT codes, for owners."""

from __future__ import annotations

from django.contrib import admin

from ledger.models import Account, TaxCode
from tenancy.owner_admin import ReadAdmin


@admin.register(Account)
class AccountAdmin(ReadAdmin):
    list_display = ("code", "name", "name_arabic", "kind", "role", "is_active")
    list_filter = ("kind",)


@admin.register(TaxCode)
class TaxCodeAdmin(ReadAdmin):
    list_display = ("code", "name", "direction", "category", "rate", "is_active")
    list_filter = ("direction",)
