"""Sign-ins go to the audit trail of every company the person works for (RR-9)."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.http import HttpRequest

from audit.services.events import audit_event
from tenancy.context import SCOPED_ALIAS, Scope, current_scope, push_scope, scope_block
from tenancy.models import User
from tenancy.principal import resolve


def sign_in_recorded(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Write LOGIN; a person without a company leaves no entry, there is no log to write it to."""
    principal = resolve(user.pk)
    outer = current_scope.get()
    # whoever was signed in before in this browser: the event belongs to the companies of the one who signs in now
    token = current_scope.set(None)
    try:
        for company in principal.companies if principal else ():
            scope = Scope(
                company.id,
                user.pk,
                company.role,
                outer.request_id if outer else "",
                outer.source if outer else "app",
                "tenancy:sign-in",
            )
            with transaction.atomic(), scope_block(scope):
                audit_event("LOGIN", "tenancy.user", user.pk, {"email": user.email})
    finally:
        current_scope.reset(token)
        push_scope(connections[SCOPED_ALIAS], outer)
