"""Start-up refusals: the web and worker processes run only as the application role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

QUESTION = """
    SELECT current_user, rolsuper, rolbypassrls,
           EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')
                   AND relnamespace = 'public'::regnamespace),
           ARRAY(SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                   AND a.attname = 'company_id' AND NOT a.attisdropped
                   AND NOT (c.relrowsecurity AND c.relforcerowsecurity))
    FROM pg_roles r WHERE rolname = current_user
"""


class UnsafeRole(RuntimeError):
    """The database role would see every company's rows."""


def faults_of_role(row: Sequence[Any]) -> list[str]:
    """Return what is wrong with a role, as sentences; `row` answers QUESTION."""
    role, superuser, bypass, owns, open_tables = row
    faults = []
    if superuser:
        faults.append(f"The database role {role} is a superuser.")
    if bypass:
        faults.append(f"The database role {role} bypasses row-level security.")
    if owns:
        faults.append(f"The database role {role} owns tables.")
    if open_tables:
        faults.append(f"Row-level security is not forced on {', '.join(sorted(open_tables))}.")
    return faults


def require_safe_role() -> None:
    """Refuse to start the process when its database role is not bound by row-level security.

    Uses a connection of its own: the pool must not be opened before worker processes fork. Raises UnsafeRole, and
    psycopg.OperationalError when the server does not answer.
    """
    params = connections["default"].get_connection_params()
    for key in ("cursor_factory", "context"):
        params.pop(key, None)
    with psycopg.connect(**params) as connection:
        row = connection.execute(QUESTION).fetchone()
    if row and (faults := faults_of_role(row)):
        raise UnsafeRole(
            " ".join([*faults, "DATABASE_URL must name app_web, which neither owns nor bypasses."])
        )


@register(Tags.database)
def application_role_is_bound(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report an unsafe role in `manage.py check --database default`."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(QUESTION)
        row = cursor.fetchone()
    return [Error(fault, id="config.E001") for fault in faults_of_role(row or ())] if row else []
