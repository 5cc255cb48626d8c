"""The OpenAPI description: one address for each endpoint, every refusal documented, the two ways to sign in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api.cursors import CURSOR_TEXT
from api.views import PUBLIC

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable; texts are in the language of Accept-Language.",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "example": "urn:mizan:problem:validation_failed"},
        "title": {"type": "string", "example": "Bad Request"},
        "status": {"type": "integer", "example": 400},
        "code": {"type": "string", "example": "validation_failed"},
        "detail": {"type": "string"},
        "message": {"type": "string", "description": "The same text as `detail`."},
        "field": {"type": "string", "description": "Dotted path of the first wrong field."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "example": "/lines/2/quantity"},
                    "field": {"type": "string", "example": "lines.2.quantity"},
                    "code": {"type": "string", "example": "too_small"},
                    "message": {"type": "string"},
                },
            },
        },
        "current_version": {
            "type": "integer",
            "description": "409 of an outdated version: the version stored now.",
        },
        "changes": {
            "type": "object",
            "description": "409 of an outdated version: {field: {yours, theirs}}.",
            "additionalProperties": True,
        },
        "current": {"type": "object", "additionalProperties": True},
    },
}
_REFUSALS = {
    "400": "The request is wrong; `errors` names each field.",
    "401": "Not signed in, or the token has ended.",
    "403": "The role does not allow this.",
    "404": "Nothing here, or it belongs to another company.",
    "409": "Against the present state: outdated version, locked, posted, closed period, duplicate.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests; Retry-After says when to come back.",
    "503": "Busy; the same request may be sent again after Retry-After seconds.",
}
_WRITES = ("post", "put", "patch")
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request takes effect once; the answer is repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}

_CURSOR = {
    "name": "cursor",
    "in": "query",
    "description": CURSOR_TEXT,
    "schema": {"type": "string"},
}


def without_slash(endpoints: list[tuple[Any, ...]], **_: Any) -> list[tuple[Any, ...]]:
    """Leave out the second address of each endpoint (PREPROCESSING_HOOKS)."""
    return [
        endpoint
        for endpoint in endpoints
        if not endpoint[0].endswith("/") and "/v1/" in endpoint[0]
    ]


def _refusals_of(
    path: str, method: str, needed: str, *, is_idempotent: bool, may_miss: bool
) -> list[str]:
    """Return the statuses with which an operation may refuse."""
    possible = {
        "400": True,
        "401": needed != PUBLIC or "auth/" in path,
        "403": needed != PUBLIC,
        "404": "{" in path or may_miss,
        "409": method in _WRITES or method == "delete",
        "413": method in _WRITES,
        "415": method in _WRITES,
        "422": is_idempotent,
        "429": True,
        "503": True,
    }
    return [status for status, may_happen in possible.items() if may_happen]


def document_problems(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:
    """Add the refusals to every operation (POSTPROCESSING_HOOKS)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, _regex, upper, view in generator._get_paths_and_endpoints():
        method = upper.lower()
        operation = result["paths"].get(path, {}).get(method)
        if operation is None:
            continue
        needed = getattr(view, "permissions", {}).get(upper, "")
        is_idempotent = getattr(getattr(view, method, None), "idempotent", False)
        if is_idempotent:
            operation.setdefault("parameters", []).append(_IDEMPOTENCY)
        if any(one["name"] == "page_size" for one in operation.get("parameters", ())):
            operation["parameters"].append(_CURSOR)
        named = {one["name"] for one in operation.get("parameters", ())}
        may_miss = "page" in named or getattr(view, "may_miss", False)
        for status in _refusals_of(
            path, method, needed, is_idempotent=is_idempotent, may_miss=may_miss
        ):
            operation["responses"].setdefault(
                status, {"description": _REFUSALS[status], "content": content}
            )
        if needed == PUBLIC:
            operation["security"] = []
        elif needed:
            operation["x-permission"] = needed
    return result


class PrincipalScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped package
    """Names the two ways to sign in."""

    target_class = "api.authentication.PrincipalAuthentication"
    name = ["token", "session"]  # the package's own form

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        ]
