"""A browser session ends after a time without activity, and at the latest half a day after signing in.

The moment of the last activity stands in a signed cookie beside the session's own, renewed at most once a minute: no
request writes the database or the cache for it, a cache that is emptied signs nobody out, and a request that only
counts as activity cannot overwrite what another one has just stored in the session. Limits: reliability.md part 13.
"""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenancy.models import Role

#: When the person signed in, in whole seconds since 1970; ties the cookie to this session.
SESSION_STARTED = "started_at"
RENEW_SECONDS = 60
#: Sent by what a page asks again and again by itself (progress of an export): not a person's activity.
BACKGROUND_HEADER = "X-Background"

logger = logging.getLogger(__name__)
_signer = Signer(salt="tenancy.idleness")


def started_now(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Keep the moment of signing in."""
    request.session[SESSION_STARTED] = int(time.time())


user_logged_in.connect(started_now, dispatch_uid="tenancy.idleness")


def idle_limit(role: str) -> int:
    """Return the seconds without activity after which a session ends; a till stays open for a shift."""
    limit: int = settings.SESSION_IDLE_SECONDS
    return settings.SESSION_SHIFT_SECONDS if role == Role.CASHIER.value else limit


def _last_active(session: SessionBase, cookie: str) -> int:
    """Return the second of the last activity; that of signing in when the cookie is missing or another session's."""
    started: int = session.get(SESSION_STARTED, 0)
    try:
        of, at = map(int, _signer.unsign(cookie).split("."))
    except (BadSignature, ValueError):
        return started
    return at if of == started else started


def is_over(request: HttpRequest, role: str) -> bool:
    """Return whether the session has lain idle too long, or lasts too long altogether."""
    now, session = int(time.time()), request.session
    if now - session.get(SESSION_STARTED, 0) > settings.SESSION_COOKIE_AGE:
        return True
    last = _last_active(session, request.COOKIES.get(settings.ACTIVITY_COOKIE_NAME, ""))
    request.last_active = last  # type: ignore[attr-defined]  # saves reading the cookie again for the answer
    return now - last > idle_limit(role)


def end(request: HttpRequest) -> None:
    """Drop the session; the sign-in page says why."""
    request.session_ended = True  # type: ignore[attr-defined]  # read by to_sign_in
    try:
        request.session.flush()
    except (
        Exception
    ):  # a cache that is down must not stop work; the session stays refused by its age
        logger.warning("Cache unavailable; an ended session is kept there", exc_info=True)


def renew(request: HttpRequest, response: HttpResponse) -> None:
    """Count the request as activity, unless the page asked by itself or the last renewal is fresh."""
    now = int(time.time())
    last: int | None = getattr(request, "last_active", None)
    started = request.session.get(SESSION_STARTED)
    if last is None or started is None or BACKGROUND_HEADER in request.headers:
        return
    if now - last < RENEW_SECONDS and settings.ACTIVITY_COOKIE_NAME in request.COOKIES:
        return
    response.set_cookie(
        settings.ACTIVITY_COOKIE_NAME,
        _signer.sign(f"{started}.{now}"),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the sign-in page and from there back to the page in hand; tell why when a session ended."""
    here = request.get_full_path()
    if request.method not in ("GET", "HEAD"):  # the form's page, not the address it was sent to
        came_from = urlsplit(request.headers.get("Referer", ""))
        ours = came_from.netloc == request.get_host()
        here = urlunsplit(("", "", came_from.path, came_from.query, "")) if ours else ""
    asked = {"next": here} if here else {}
    if getattr(request, "session_ended", False):
        asked["ended"] = "1"
    return redirect(f"{settings.LOGIN_URL}?{urlencode(asked, safe='/')}")
