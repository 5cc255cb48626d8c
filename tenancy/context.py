"""Who acts for which company, for the length of a request, task or command.

`company_scope` is the only way in. The database backend (config/pgrls) sends the scope to PostgreSQL where a
transaction begins; row-level security and the audit triggers read it from there. Without a scope the database
shows no company's rows (reliability.md T3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections
from psycopg.pq import TransactionStatus

SCOPED_ALIAS = "default"
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Scope:
    """The company and actor of the work in hand. `company_id` None: signed in to no company."""

    company_id: int | None = None
    actor_id: int | None = None
    role: str = ""
    request_id: str = ""
    source: str = "app"
    cause: str = ""
    #: Everything is found by key: plans need not look at the values (docs/decisions/0008-statements-written-once.md).
    by_key: bool = False


current_scope: ContextVar[Scope | None] = ContextVar("current_scope", default=None)


class ScopeConflict(RuntimeError):
    """A block for one company was opened inside a block for another one."""


class NoCompanyActive(RuntimeError):
    """Company-owned rows were asked for while no company is set."""


def current_company_id() -> int:
    """Return the company of the work in hand; raises NoCompanyActive when there is none."""
    scope = current_scope.get()
    if scope is None or scope.company_id is None:
        raise NoCompanyActive("No company is active: open tenancy.context.company_scope first.")
    return scope.company_id


def current_actor_id() -> int | None:
    """Return the id of the acting user, or None for the system."""
    scope = current_scope.get()
    return scope.actor_id if scope else None


_SET_SCOPE = (
    "SELECT set_config('app.company_id', %s, true), set_config('app.actor_id', %s, true), "
    "set_config('app.role', %s, true), set_config('app.request_id', %s, true), "
    "set_config('app.source', %s, true), set_config('app.cause', %s, true), "
    "set_config('plan_cache_mode', %s, true)"
)


def scope_statement(scope: Scope | None) -> tuple[str, list[str]]:
    """Return the one SQL statement that makes `scope` the transaction's scope."""
    scope = scope or Scope(source="")
    return _SET_SCOPE, [
        "" if scope.company_id is None else str(scope.company_id),
        "" if scope.actor_id is None else str(scope.actor_id),
        scope.role,
        scope.request_id,
        scope.source,
        scope.cause,
        "force_generic_plan" if scope.by_key else "auto",
    ]


def by_key(view: V) -> V:
    """Decorate a view whose writes find their rows by key: PostgreSQL need not plan anew for each request's values.

    Statistics do not know young companies, and plans made for one read all of it where a key would do.
    """
    view.by_key = True  # type: ignore[attr-defined]  # read by the middleware
    return view


def push_scope(connection: Any, scope: Scope | None) -> None:
    """Send `scope` to the database when a transaction is already open on `connection`.

    A transaction that failed takes no more statements; its rollback forgets the scope anyway.
    """
    if not connection.in_atomic_block or connection.needs_rollback:
        return
    if connection.connection.info.transaction_status != TransactionStatus.INERROR:
        sql, params = scope_statement(scope)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


@contextmanager
def scope_block(scope: Scope) -> Iterator[Scope]:
    """Make `scope` current for the block and restore the outer one, in Python and in the database."""
    outer = current_scope.get()
    if outer and outer.company_id is not None and scope.company_id != outer.company_id:
        raise ScopeConflict(
            f"Company {scope.company_id} asked for inside company {outer.company_id}."
        )
    connection = connections[SCOPED_ALIAS]
    token = current_scope.set(scope)
    push_scope(connection, scope)
    try:
        yield scope
    finally:
        current_scope.reset(token)
        push_scope(connection, outer)


@contextmanager
def company_scope(
    company_id: int,
    *,
    actor_id: int | None = None,
    role: str = "system",
    source: str = "task",
    request_id: str = "",
    cause: str = "",
) -> Iterator[Scope]:
    """Work for one company: tasks, commands and tests. Requests use the middleware.

    Raises ScopeConflict inside another company's block.
    """
    with scope_block(Scope(company_id, actor_id, role, request_id, source, cause)) as scope:
        yield scope
