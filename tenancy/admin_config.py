"""Makes the owners' site the default admin site. Read before models exist, so it imports none."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OwnerAdminConfig(AdminConfig):
    default_site = "tenancy.owner_admin.OwnerAdminSite"
