"""Number series, for owners."""

from __future__ import annotations

from django.contrib import admin

from documents.models import NumberSequence
from tenancy.owner_admin import ReadAdmin


@admin.register(NumberSequence)
class NumberSequenceAdmin(ReadAdmin):
    list_display = ("series", "kind", "year", "last_number")
    list_filter = ("kind", "year")
