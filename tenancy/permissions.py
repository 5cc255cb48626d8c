"""Permission checks in the service layer and at the doors (RR-2): default deny."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.errors import N_
from tenancy.context import current_scope
from tenancy.errors import PERMISSION_MESSAGE, NoCompany, NotSignedIn, PermissionRefused
from tenancy.principal import Principal
from tenancy.roles import ROLE_PERMISSIONS


def require(principal: Principal | None, permission: str) -> Principal:
    """Return the principal when it has the permission.

    Raises NotSignedIn (401), NoCompany (403) or PermissionRefused (403).
    """
    if principal is None:
        raise NotSignedIn(N_("Please sign in."))
    if principal.company_id is None:
        raise NoCompany(N_("You do not work for this company."))
    if permission not in principal.permissions:
        raise PermissionRefused(PERMISSION_MESSAGE, params={"permission": permission})
    return principal


def principal_of(request: HttpRequest) -> Principal:
    """Return who asks. Views behind `page`, `signed_in` and the editor's calls always have somebody."""
    principal: Principal | None = getattr(request, "principal", None)
    assert principal is not None
    return principal


def require_in_scope(permission: str) -> None:
    """Refuse when the scope's person has a role without the permission; work of the system passes.

    For services that take no principal: the page or API that calls them has checked the person already, this is the
    second lock. Raises PermissionRefused.
    """
    scope = current_scope.get()
    role = scope.role if scope is not None else ""
    if role in ROLE_PERMISSIONS and permission not in ROLE_PERMISSIONS[role]:
        raise PermissionRefused(PERMISSION_MESSAGE, params={"permission": permission})


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Decorate a page about oneself: it needs a sign-in but neither a company nor a permission."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "principal", None) is None:
            raise NotSignedIn(N_("Please sign in."))
        return view(request, *args, **kwargs)

    return guarded


def page(permission: str) -> Callable[[View], View]:
    """Decorate a page view: sign-in and permission first. Anonymous visitors are sent to sign in (`web.errors`)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(getattr(request, "principal", None), permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the permission matrix test
        return guarded

    return decorate
