"""One transaction for each write."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

#: True while the surrounding transaction is rolled back for any refusal anyway (API requests): then a service needs
#: no savepoint of its own. Pages, which show the form again after a refusal, keep the savepoint.
refusal_rolls_back: ContextVar[bool] = ContextVar("refusal_rolls_back", default=False)


def write(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a service: all of it is written, or nothing."""

    @wraps(function)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=not refusal_rolls_back.get()):
            return function(*args, **kwargs)

    return in_transaction
