"""Errors as RFC 9457 problem details: one shape for every refusal of the API (SP-10).

`{type, title, status, code, detail, field, errors: [{pointer, field, code, message}], request_id}`; `code` is stable,
the texts are in the caller's language.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.request import Request

from core.database_errors import Busy, from_cache, from_database
from core.errors import N_, DomainError, ValidationErrors

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"

_FRAMEWORK_CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "permission_refused",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


class NotFound(DomainError):
    """There is nothing at this address, or it belongs to another company: the answer is the same."""

    code = "not_found"
    status = 404


def not_found() -> NotFound:
    """Return the error for a missing or foreign record."""
    return NotFound(N_("There is nothing here."))


def pointer(field: str | None) -> str:
    """Return the JSON pointer of a dotted path: `lines.2.quantity` -> `/lines/2/quantity`."""
    return "/" + field.replace("~", "~0").replace("/", "~1").replace(".", "/") if field else ""


def _row(error: DomainError) -> dict[str, Any]:
    return {
        "pointer": pointer(error.field),
        "field": error.field or "",
        "code": error.code,
        "message": error.message,
    }


def problem(error: DomainError, *, request_id: str = "") -> dict[str, Any]:
    """Return the problem details of a broken rule."""
    rows = error.errors if isinstance(error, ValidationErrors) else [error]
    body: dict[str, Any] = {
        "type": f"urn:mizan:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "message": error.message,
        "field": (rows[0].field or "") if rows else "",
        "errors": [_row(row) for row in rows],
        "request_id": request_id,
    }
    changes = getattr(error, "changes", None)
    if isinstance(changes, Mapping):
        body["current_version"] = getattr(error, "current_version", None)
        body["changes"] = changes
    current = getattr(error, "current", None)
    if isinstance(current, Mapping):
        body["current"] = current
    return body


def problem_response(
    request: HttpRequest | Request, error: DomainError, *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return the refusal as an answer."""
    body = problem(error, request_id=getattr(request, "request_id", ""))
    response = HttpResponse(
        json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False),
        content_type=CONTENT_TYPE,
        status=error.status,
    )
    for name, value in (headers or {}).items():
        response.headers[name] = value
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="mizan"')
    return response


def _from_framework(error: exceptions.APIException) -> DomainError:
    detail = error.detail
    text = str(detail) if isinstance(detail, str) else gettext("The request is not valid.")
    own = DomainError(
        text.replace("%", "%%"), code=_FRAMEWORK_CODES.get(error.status_code, "invalid")
    )
    own.status = error.status_code
    return own


def as_domain_error(error: Exception) -> DomainError | None:
    """Return what the error means for the caller; None when the program is at fault."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, DatabaseError | InterfaceError):
        return from_database(error)
    if isinstance(error, RedisError):
        return from_cache(error)
    refusal = DomainError(N_("The request is not valid."))
    if isinstance(error, PermissionDenied):
        refusal.code, refusal.status = "permission_refused", 403
    elif isinstance(error, RequestDataTooBig):
        refusal.code, refusal.status = "body_too_large", 413
    elif not isinstance(error, SuspiciousOperation):
        return None
    return refusal


def exception_response(
    error: Exception, request: HttpRequest | Request, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return the answer to any error. A fault of the program is logged and answered without its details."""
    own = as_domain_error(error)
    if own is None:
        logger.error("API request failed", exc_info=error)
        got_request_exception.send(sender=type(error), request=request)
        own = DomainError(N_("Something went wrong on our side."), code="internal_error")
        own.status = 500
    elif isinstance(own, Busy):
        logger.warning("Database busy", exc_info=error)
    return problem_response(request, own, headers=headers)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer errors raised in API views (REST_FRAMEWORK setting)."""
    headers = {}
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait) + 1)
    allowed = getattr(context.get("view"), "headers", {}).get("Allow")
    if isinstance(error, exceptions.MethodNotAllowed) and allowed:
        headers["Allow"] = allowed
    request = context["request"]
    return exception_response(error, request, headers)
