"""Repeating a POST safely: the header Idempotency-Key (reliability.md part 6).

The key, the effect and the answer commit together. The same request again gets the stored answer with the header
`Idempotent-Replayed: true`; another request under the key 422; another user's key 409; one still running 409 with
Retry-After. Refused requests leave no key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.db import OperationalError, connection
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import IdempotencyKey
from api.views import ApiView
from core.errors import N_, DomainError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
KEEP = "7 days"
KEEP_MONEY = "13 months"
BAD_REQUEST = 400
_LOCK_NOT_AVAILABLE = "55P03"

V = TypeVar("V", bound=ApiView)
Handler = Callable[..., Response]


class WrongKey(DomainError):
    """A key is 1 to 255 printable ASCII characters."""

    code = "wrong_idempotency_key"


class KeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    status = 422


class KeyTaken(DomainError):
    """The key belongs to another user of the company."""

    code = "idempotency_key_taken"
    status = 409


class StillRunning(DomainError):
    """The first request under this key has not ended yet."""

    code = "request_in_progress"
    status = 409
    retry_after = 2


def fingerprint(method: str, path: str, data: Any) -> str:
    """Return one text for one request: method, address and canonical JSON."""
    canonical = json.dumps(data, sort_keys=True, default=str, separators=(",", ":"))
    content = f"{method} {path}\n{canonical}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _claim(operation: str, key: str, print_: str, keep: str) -> tuple[str, Any, int | None, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT state, row_id, answer_status, answer_body "
                "FROM api_idempotency_claim(%s, %s, %s, %s::interval)",
                [operation, key, print_, keep],
            )
            row: tuple[str, Any, int | None, str] = cursor.fetchone()
            return row
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
            raise StillRunning(N_("The same request is still running.")) from error
        raise


def begin(operation: str, key: str, print_: str, *, keep: str = KEEP) -> Claim | HttpResponse:
    """Claim the key for this request, or return the answer that it was given before.

    Raises WrongKey (400), KeyReused (422), KeyTaken and StillRunning (409).
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise WrongKey(N_("An Idempotency-Key is 1 to 255 printable ASCII characters."))
    state, row_id, status, body = _claim(operation, key, print_, keep)
    if state == "done":
        answer = HttpResponse(body, status=status, content_type="application/json")
        answer.headers[REPLAYED] = "true"
        return answer
    if state == "other_user":
        raise KeyTaken(N_("This Idempotency-Key is in use. Choose another one."))
    if state == "other_request":
        raise KeyReused(N_("This Idempotency-Key was used for another request."))
    if state == "running":
        raise StillRunning(N_("The same request is still running."))
    return Claim(row_id)


@dataclass(frozen=True, slots=True)
class Claim:
    """The key's row, written by the request that came first."""

    row_id: Any

    def keep(self, status: int, body: str) -> None:
        """Store the answer with the effect; a refusal is rolled back together with the key."""
        if status < BAD_REQUEST:
            IdempotencyKey.objects.filter(pk=self.row_id).update(status=status, body=body)


def idempotent(operation: str, *, keep: str = KEEP) -> Callable[[Handler], Handler]:
    """Decorate a POST method: with an Idempotency-Key it takes effect once. Two more statements; none without a key."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
            key = request.headers.get(HEADER)
            if key is None:
                return handler(view, request, *args, **kwargs)
            address = f"{request.path.rstrip('/')}?{request.META.get('QUERY_STRING', '')}"
            print_ = fingerprint(request.method or "", address, request.data)
            claim = begin(operation, key, print_, keep=keep)
            if isinstance(claim, HttpResponse):
                return claim
            response = handler(view, request, *args, **kwargs)
            claim.keep(response.status_code, JSONRenderer().render(response.data).decode())
            return response

        once.idempotent = True  # type: ignore[attr-defined]  # read by the schema
        return once

    return decorate
