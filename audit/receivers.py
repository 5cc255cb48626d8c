"""Sign-ins go to the audit trail of the company the person will work for (RR-9)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from audit.services.events import audit_event
from tenancy.context import Scope, current_scope, scope_block
from tenancy.models import User
from tenancy.principal import resolve


def sign_in_recorded(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Write LOGIN; a person without a company leaves no entry, there is no log to write it to."""
    principal = resolve(user.pk)
    outer = current_scope.get()
    if (
        principal is None
        or principal.company_id is None
        or (outer and outer.company_id is not None)
    ):
        return
    scope = Scope(
        principal.company_id,
        user.pk,
        principal.role,
        outer.request_id if outer else "",
        outer.source if outer else "app",
        "tenancy:sign-in",
    )
    with transaction.atomic(), scope_block(scope):
        audit_event("LOGIN", "tenancy.user", user.pk, {"email": user.email})
