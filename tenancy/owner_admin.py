"""The admin site is for owners: their company's rows, seen through the same row-level security as everything else.

It reads; what may be changed goes through the services, so that rules and audit are the same as on the pages.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tenancy.idleness import to_sign_in
from tenancy.models import Role


def is_owner(request: HttpRequest) -> bool:
    """Return whether an owner of the company in hand asks."""
    principal = getattr(request, "principal", None)
    return (
        principal is not None
        and principal.company_id is not None
        and principal.role == Role.OWNER.value
    )


class OwnerAdminSite(admin.AdminSite):
    """The admin site, for owners only; everybody else does not learn what is there."""

    site_header = _("Mizan administration")
    site_title = _("Mizan")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send visitors to the product's own sign-in."""
        if getattr(request, "principal", None) is not None:
            return redirect("reports:dashboard")
        return to_sign_in(request)


class ReadAdmin(admin.ModelAdmin):
    """Lists and shows; changes nothing."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServiceAdmin(ReadAdmin):
    """Changes existing rows through a service, in `save_model`."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Nothing: the audit trail has it, and the admin's own log knows no companies."""
        return None
