"""Refusals as pages: a broken rule becomes a sentence and a way on, as a page, a fragment or a toast.

Crashes keep their own page, which needs neither database nor session.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from core.database_errors import Busy, from_cache, from_database
from core.errors import DomainError, ValidationErrors
from tenancy.idleness import to_sign_in
from web.htmx import is_htmx, toast, trigger

BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = (
    400,
    401,
    403,
    404,
    409,
    422,
)

TITLES = {
    BAD_REQUEST: gettext_lazy("This could not be done"),
    FORBIDDEN: gettext_lazy("Not allowed"),
    NOT_FOUND: gettext_lazy("Nothing here"),
    CONFLICT: gettext_lazy("This could not be done"),
    UNPROCESSABLE: gettext_lazy("This could not be done"),
    429: gettext_lazy("Too many attempts"),
}


def problem_page(
    request: HttpRequest, *, status: int, messages: list[str], code: str = ""
) -> HttpResponse:
    """Answer a refusal: a toast with an empty fragment for HTMX, else a page with the sentence and ways on."""
    if is_htmx(request):
        response = HttpResponse(status=status)
        response.headers["HX-Reswap"] = "none"
        return toast(response, " ".join(messages), tone="bad")
    return render(
        request,
        "web/problem.html",
        {
            "title": TITLES.get(status, TITLES[BAD_REQUEST]),
            "lines": messages,
            "status": status,
            "code": code,
            "back_url": _back(request),
        },
        status=status,
    )


def _back(request: HttpRequest) -> str:
    """Return the page the visitor came from, when it is one of ours and another one."""
    came_from = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    if came_from.startswith(f"{here}/") and came_from != f"{here}{request.get_full_path()}":
        return came_from
    return ""


def signed_out(request: HttpRequest) -> HttpResponse:
    """Send a page to the sign-in; a fragment is refused (401) and the page around it says that the session ended."""
    if is_htmx(request):
        response = HttpResponse(status=NOT_SIGNED_IN)
        response.headers["HX-Reswap"] = "none"
        trigger(response, "signed-out")
        return response
    return to_sign_in(request)


def domain_error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a broken rule that no form showed."""
    if error.status == NOT_SIGNED_IN:
        return signed_out(request)
    errors = error.errors if isinstance(error, ValidationErrors) else [error]
    # 400 would not say that what was typed is at fault
    status = UNPROCESSABLE if error.status == BAD_REQUEST else error.status
    response = problem_page(
        request, status=status, messages=[one.message for one in errors], code=error.code
    )
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


class DomainErrorMiddleware:
    """Turns refusals raised out of a page into answers. Below TenancyMiddleware, which rolls back for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            # promises checked at commit fail above this middleware: TenancyMiddleware asks for the answer
            request.database_error_response = self._at_commit  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def _at_commit(error: DatabaseError, request: HttpRequest) -> HttpResponse | None:
        broken = from_database(error)
        return None if broken is None else domain_error_page(request, broken)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer for a DomainError, or for a database error that stands for one."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, DatabaseError):
            broken = from_database(error)
            return None if broken is None else domain_error_page(request, broken)
        if isinstance(error, RedisError):
            return domain_error_page(request, from_cache(error))
        if isinstance(error, DomainError):
            return domain_error_page(request, error)
        return None


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and what belongs to another company."""
    return problem_page(
        request, status=NOT_FOUND, messages=[_("There is no such page, or not for you.")]
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 of Django's own checks."""
    return problem_page(request, status=FORBIDDEN, messages=[_("Your role does not allow this.")])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent could not be read."""
    return problem_page(
        request, status=BAD_REQUEST, messages=[_("What was sent could not be read.")]
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token is missing or old; a script learns it from the code and asks for the new token."""
    message = _("This form is too old. Open the page again and send it once more.")
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"code": "csrf", "message": message}, status=FORBIDDEN)
    return problem_page(request, status=FORBIDDEN, messages=[message], code="csrf")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs nothing but its file."""
    return HttpResponse(
        loader.render_to_string("500.html", {"request_id": getattr(request, "request_id", "")}),
        status=500,
    )
