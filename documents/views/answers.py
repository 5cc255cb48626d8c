"""Answers of the editor's own calls: JSON, with the same codes, fields and words as the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from api.idempotency import HEADER, KeyReused, begin, fingerprint
from core.errors import N_, DomainError, ValidationErrors
from documents.versions import Conflict
from tenancy.permissions import require

LARGEST_PAYLOAD = 8 * 1024 * 1024


class WrongPayload(DomainError):
    """The body is no JSON object."""

    code = "wrong_payload"


def problem(error: DomainError) -> JsonResponse:
    """Return the refusal as JSON: `code`, `message` and every error with its field."""
    errors = error.errors if isinstance(error, ValidationErrors) else [error]
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "errors": [
            {"field": one.field or "", "code": one.code, "message": one.message} for one in errors
        ],
    }
    if isinstance(error, Conflict):
        body["version"] = error.current_version
    # 400 would not say that the typed content is at fault
    status = 422 if error.status == 400 else error.status  # Bad Request
    return JsonResponse(body, status=status)


def call(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a view that scripts call: refusals become JSON instead of a page, a lost session a 401."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                require(getattr(request, "principal", None), permission)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return problem(error)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the permission matrix test
        return guarded

    return decorate


def read_json(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object typed in the editor; raises WrongPayload. Numbers arrive as text, never as floats."""
    try:
        if len(text) > LARGEST_PAYLOAD:
            raise ValueError
        payload = json.loads(text, parse_float=str, parse_constant=str)
        if not isinstance(payload, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise WrongPayload(N_("What was sent could not be read.")) from None
    return payload


class SavedBefore(DomainError):
    """The page saved once already, its answer was lost on the way, and something else was typed since."""

    code = "saved_before"
    status = 409


def once(operation: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a saving call below `call`: sent again under the page's own key it has one effect and one answer.

    The key comes with each open page (`key` of its configuration), so a second click, a resent request and a save after
    a lost answer meet what the first one did. Raises SavedBefore.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = request.headers.get(HEADER)
            if key is None:
                return view(request, *args, **kwargs)
            body = read_json(request.body)
            # the auto-saved draft it stands for may be another one by the second try
            typed = {name: body.get(name) for name in ("document", "post", "payload")}
            try:
                claim = begin(operation, key, fingerprint("POST", request.path, typed))
            except KeyReused as error:
                raise SavedBefore(
                    N_("This was saved already; only the answer was lost. Open it in the list.")
                ) from error
            if isinstance(claim, HttpResponse):
                return claim
            response = view(request, *args, **kwargs)
            claim.keep(response.status_code, response.content.decode())
            return response

        return kept

    return decorate
