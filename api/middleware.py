"""Around every API request: phases for the Server-Timing header (PS-3), and errors that appear at commit."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.errors import exception_response
from core.timing import current_phases, header_value
from core.transactions import refusal_rolls_back

#: Phases of PS-3 first, in the order in which they happen; others follow.
ORDER = (
    "company",
    "load",
    "check",
    "cost",
    "build",
    "insert",
    "number",
    "journal",
    "save",
    "commit",
)


class ApiMiddleware:
    """Stands outside the tenancy middleware, so that the commit is measured and its errors have the API's shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        started = time.perf_counter()
        phases: dict[str, float] = {}
        token = current_phases.set(phases)
        # the request's transaction is rolled back for every refusal: services need no savepoint of their own
        rolls_back = refusal_rolls_back.set(True)
        request.database_error_response = exception_response  # type: ignore[attr-defined]  # used by tenancy
        try:
            response = self.get_response(request)
        finally:
            current_phases.reset(token)
            refusal_rolls_back.reset(rolls_back)
        ordered = {name: phases[name] for name in ORDER if name in phases}
        ordered |= {name: value for name, value in phases.items() if name not in ordered}
        ordered["total"] = (time.perf_counter() - started) * 1000
        response.headers["Server-Timing"] = header_value(ordered)
        return response
