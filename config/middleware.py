"""What surrounds every request: the log line and the headers no other middleware sets."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("mizan.request")

PERMISSIONS_POLICY = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"


class RequestLogMiddleware:
    """One line for each request: method, path, status, milliseconds, company. No body and no query string.

    A slow one is marked and warned of (IF-9).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.clear_contextvars()
        started = time.perf_counter()
        response = self.get_response(request)
        milliseconds = (time.perf_counter() - started) * 1000
        principal = getattr(request, "principal", None)
        is_slow = milliseconds > settings.SLOW_REQUEST_MILLISECONDS
        log.log(
            # server errors and what somebody had to wait for
            logging.WARNING if response.status_code >= 500 or is_slow else logging.INFO,
            "%s %s %d",
            request.method,
            request.path,
            response.status_code,
            extra={
                "ms": round(milliseconds, 1),
                "request_id": getattr(request, "request_id", ""),
                "company": getattr(principal, "company_id", None),
                **({"slow": True} if is_slow else {}),
            },
        )
        return response


class HardeningMiddleware:
    """Permissions-Policy on every answer, no-store on those made for a signed-in person, TRACE refused."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        response: HttpResponseBase = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if getattr(request, "principal", None) is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
