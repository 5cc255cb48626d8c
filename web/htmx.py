"""HTMX answers: typed requests, fragments, 422 with messages, toasts. Every action also works as a plain POST."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from core.errors import DomainError, ValidationErrors
from tenancy.principal import Principal

Tone = Literal["good", "info", "warn", "bad"]


class HtmxHttpRequest(HttpRequest):
    """A request after HtmxMiddleware and TenancyMiddleware."""

    htmx: HtmxDetails
    principal: Principal | None


def is_htmx(request: HttpRequest) -> bool:
    """Return whether the request asks for a fragment (boosted links want whole pages)."""
    details: HtmxDetails | None = getattr(request, "htmx", None)
    return details is not None and bool(details) and not details.boosted


def trigger(response: HttpResponse, event: str, detail: Mapping[str, Any] | None = None) -> None:
    """Let the browser fire `event` on the body after the swap; several events may be added."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = dict(detail or {})
    # header values are latin-1: JSON escapes keep Arabic text intact
    response.headers["HX-Trigger"] = json.dumps(events)


def toast(
    response: HttpResponse, message: str, *, tone: Tone = "good", undo_url: str = ""
) -> HttpResponse:
    """Show a message in the corner; with `undo_url` it carries an Undo button for ten seconds (a POST there)."""
    trigger(response, "toast", {"message": message, "tone": tone, "undo": undo_url})
    return response


def fragment(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a fragment; the answer depends on HX-Request, so caches must not mix it with the page."""
    response = render(request, template, dict(context), status=status)
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "HX-Request")))
    return response


def invalid(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The same fragment with messages: 422, which the page swaps like a success."""
    return fragment(request, template, context, status=422)


def conflict(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A stale version: 409, swapped like a success."""
    return fragment(request, template, context, status=409)


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to a page of ours: HX-Redirect for HTMX, 303 for a plain POST."""
    parts = urlsplit(url)
    is_ours = not (parts.scheme or parts.netloc)
    assert is_ours, "only addresses of this site"
    if is_htmx(request):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = url
        return response
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def field_errors(error: DomainError) -> dict[str, list[str]]:
    """Return messages by dotted field path; "" holds those of no field. For error slots of forms and grids."""
    errors = error.errors if isinstance(error, ValidationErrors) else [error]
    messages: dict[str, list[str]] = {}
    for one in errors:
        messages.setdefault(one.field or "", []).append(one.message)
    return messages
