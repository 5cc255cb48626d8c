"""Request -> principal -> scope -> transaction.

The transaction wraps the view and the rendering of lazy responses, and is rolled back for every answer >= 400, so
nothing half-written survives a refused request (reliability.md part 4). Views marked
`django.db.transaction.non_atomic_requests` run without one (the live preview needs no database at all; sign-in
keeps its failed attempts).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from core.timing import phase
from tenancy import idleness
from tenancy.context import SCOPED_ALIAS, Scope, current_scope, push_scope
from tenancy.principal import Principal, resolve

SESSION_COMPANY = "company_id"


def principal_from_session(request: HttpRequest) -> Principal | None:
    """Return the signed-in principal of a browser session, or None."""
    session = request.session
    user_id = session.get(SESSION_KEY)
    if user_id is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    principal = resolve(int(user_id), session.get(SESSION_COMPANY))
    if principal is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), principal.session_hash
    ):
        return None
    if idleness.is_over(request, principal.role):
        idleness.end(request)
        return None
    return principal


def principal_from_token(header: str) -> Principal | None:
    """Return the principal of a verified JWT access token, or None. The membership is checked anew each time."""
    try:
        token = AccessToken(header.removeprefix("Bearer ").strip())  # type: ignore[arg-type]  # stubs want Token
    except TokenError:
        return None
    user_id, company_id = token.get("user_id"), token.get("company_id")
    if user_id is None:
        return None
    return resolve(int(user_id), int(company_id) if company_id is not None else None)


def database_error_response(request: HttpRequest, error: DatabaseError) -> HttpResponse | None:
    """Return the answer that an outer middleware wants given to an error of the database, or None."""
    respond: Callable[[Exception, HttpRequest], HttpResponse] | None = getattr(
        request, "database_error_response", None
    )
    return None if respond is None else respond(error, request)


class TenancyMiddleware:
    """Sets `request.principal`, the scope, and the one transaction of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._in_scope(request)
        except DatabaseError as error:  # no connection, or a promise checked at commit
            answer = database_error_response(request, error)
            if answer is None:
                raise
            return answer

    def _in_scope(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        by_token = header.startswith("Bearer ")
        with phase("company"):
            principal = (
                principal_from_token(header) if by_token else principal_from_session(request)
            )
        request_id = str(uuid.uuid4())
        request.principal = principal  # type: ignore[attr-defined]  # the request's own attribute
        request.principal_by_token = by_token  # type: ignore[attr-defined]  # read by the API's CSRF rule
        request.request_id = request_id  # type: ignore[attr-defined]  # shown in error answers and logs
        scope = Scope(
            company_id=principal.company_id if principal else None,
            actor_id=principal.user_id if principal else None,
            role=principal.role if principal else "",
            request_id=request_id,
            source="api" if request.path.startswith("/api/") else "app",
        )
        token = current_scope.set(scope)
        # inside an open transaction (wrapped tests) no BEGIN carries the scope: push_scope sends it then
        push_scope(transaction.get_connection(using=SCOPED_ALIAS), scope)
        try:
            response = self.get_response(request)
        except BaseException as error:
            self._close(request, error)
            raise
        else:
            if (
                response.status_code >= 400
                and getattr(request, "_tenancy_atomic", None) is not None
            ):
                transaction.set_rollback(True, using=SCOPED_ALIAS)
            self._close(request, None)
        finally:
            current_scope.reset(token)
            push_scope(transaction.get_connection(using=SCOPED_ALIAS), current_scope.get())
        if principal is not None and not by_token:
            idleness.renew(request, response)
        response.headers["X-Request-ID"] = request_id
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Open the transaction just before the view; the scope's cause is the view's name."""
        scope = current_scope.get()
        match = request.resolver_match
        if scope is not None and match is not None:
            source = "admin" if match.app_names[:1] == ["admin"] else scope.source
            current_scope.set(
                Scope(
                    scope.company_id,
                    scope.actor_id,
                    scope.role,
                    scope.request_id,
                    source,
                    match.view_name or "",
                    by_key=getattr(view, "by_key", False) and request.method != "GET",
                )
            )
        principal = getattr(request, "principal", None)
        if principal is not None and not request.path.startswith("/api/"):
            translation.activate(principal.language)
            request.LANGUAGE_CODE = principal.language
        if SCOPED_ALIAS in getattr(view, "_non_atomic_requests", ()):
            return None
        connection = transaction.get_connection(using=SCOPED_ALIAS)
        nested = connection.in_atomic_block
        atomic = transaction.atomic(using=SCOPED_ALIAS)
        try:
            with phase("company"):
                atomic.__enter__()
                if nested:
                    push_scope(connection, current_scope.get())
        except DatabaseError as error:
            answer = database_error_response(request, error)
            if answer is None:
                raise
            return answer
        request._tenancy_atomic = atomic  # type: ignore[attr-defined]  # closed in __call__
        return None

    @staticmethod
    def _close(request: HttpRequest, error: BaseException | None) -> None:
        atomic = getattr(request, "_tenancy_atomic", None)
        if atomic is not None:
            request._tenancy_atomic = None  # type: ignore[attr-defined]
            with phase("commit"):
                atomic.__exit__(type(error) if error else None, error, None)
