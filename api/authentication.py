"""Who asks: the principal that the tenancy middleware resolved, without a query of its own (PS-15)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from tenancy.principal import Principal


@dataclass(frozen=True, slots=True)
class ApiUser:
    """The signed-in person as the framework wants to see one."""

    principal: Principal

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def pk(self) -> int:
        return self.principal.user_id

    @property
    def id(self) -> int:
        return self.principal.user_id


def _refuse_forgery(request: Request) -> None:
    check = CSRFCheck(lambda _: HttpResponse())
    check.process_request(request)
    reason = check.process_view(request, None, (), {})  # type: ignore[arg-type]  # the view is not looked at
    if reason:
        raise PermissionDenied(f"CSRF: {reason}")


class PrincipalAuthentication(BaseAuthentication):
    """Takes `request.principal`: a bearer token, or the browser session with its CSRF token."""

    def authenticate(self, request: Request) -> tuple[ApiUser, None] | None:
        inner = request._request
        principal: Principal | None = getattr(inner, "principal", None)
        if principal is None:
            return None
        if not getattr(inner, "principal_by_token", False):
            _refuse_forgery(request)
        return ApiUser(principal), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="mizan"'
