"""The base of every endpoint: sign-in, role, limits, then a plain function of the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from api.errors import not_found, problem_response
from core.errors import N_
from tenancy.errors import NotSignedIn
from tenancy.permissions import require
from tenancy.principal import Principal

#: For an endpoint that needs a sign-in but no company.
SIGNED_IN = "signed_in"
#: For an endpoint that anybody may call.
PUBLIC = "public"


class MatrixPermission(BasePermission):
    """Asks the role table for the permission that the view names for the method; none named: refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed: str | None = view.permissions.get(request.method or "")
        if needed is None:
            return True  # no such method: answered with 405
        if needed == PUBLIC:
            return True
        principal: Principal | None = getattr(request._request, "principal", None)
        if needed == SIGNED_IN:
            if principal is None:
                raise NotSignedIn(N_("Please sign in."))
            return True
        require(principal, needed)
        return True


class ApiView(APIView):
    """An endpoint. `permissions` names for each method a permission of tenancy.roles, SIGNED_IN or PUBLIC."""

    permission_classes = (MatrixPermission,)
    permissions: ClassVar[Mapping[str, str]] = {}
    #: False: the view opens its transactions itself.
    is_atomic = True
    #: True: whatever it writes finds its rows by key (tenancy.context.Scope).
    by_key = False
    #: Something that the query or the body names may not be there: 404, besides what the address names.
    may_miss = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)
        view.by_key = cls.by_key  # type: ignore[attr-defined]  # read by the tenancy middleware
        return view if cls.is_atomic else transaction.non_atomic_requests(view)

    @property
    def principal(self) -> Principal:
        """The signed-in person; only in methods that need one."""
        principal: Principal = self.request._request.principal  # type: ignore[attr-defined]  # set by the middleware
        return principal

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if (request.method or "").lower() not in self.http_method_names or not hasattr(
            self, (request.method or "").lower()
        ):
            # the method first: a caller who may nothing learns no more from 405 than from 403
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)


@csrf_exempt  # nothing happens here, and 404 is the truth whoever asks
def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer an address that does not exist under /api/."""
    return problem_response(request, not_found())
