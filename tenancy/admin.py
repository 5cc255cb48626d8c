"""People and settings for owners."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tenancy.models import Branch, Company, CompanyUserGrant, Membership
from tenancy.owner_admin import ReadAdmin, ServiceAdmin
from tenancy.permissions import principal_of
from tenancy.services.companies import company_update
from tenancy.services.members import member_change


@admin.register(Company)
class CompanyAdmin(ServiceAdmin):
    list_display = ("slug", "name", "vat_number", "currency")
    readonly_fields = ("slug", "currency", "created_at")

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        company_update(
            company=obj,
            changes={name: form.cleaned_data[name] for name in form.changed_data},
            actor_id=principal_of(request).user_id,
        )


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin):
    list_display = ("user", "role", "commission_percent", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("user",)
    readonly_fields = ("user", "created_at")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        member_change(
            membership_id=obj.pk,
            actor_id=principal_of(request).user_id,
            role=form.cleaned_data["role"],
            commission_percent=form.cleaned_data["commission_percent"],
            is_active=form.cleaned_data["is_active"],
        )


@admin.register(CompanyUserGrant)
class GrantAdmin(ReadAdmin):
    list_display = ("user", "permission")
    list_select_related = ("user", "permission")


@admin.register(Branch)
class BranchAdmin(ReadAdmin):
    list_display = ("code", "name", "name_arabic", "is_default", "is_active")
