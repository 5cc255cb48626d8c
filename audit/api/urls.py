"""Addresses of the audit log."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from audit.api.log import AuditLog, EntityHistory, UserActions

urlpatterns: list[URLPattern] = [
    *both("audit", AuditLog, "audit-log"),
    *both("audit/entities/<str:entity_type>/<str:entity_id>", EntityHistory, "audit-entity"),
    *both("audit/users/<int:user_id>", UserActions, "audit-user"),
]
