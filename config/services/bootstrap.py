"""Roles, database and grants (reliability.md part 4), made by a superuser at each start; harmless to repeat.

The web process never sees that superuser. What each role may do is written here and nowhere else: default privileges
cover every table a later migration creates, and `prepare_database` serves test databases as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

OWNER = "app_owner"
# Signing in as one of these; app_sec only owns things and cannot sign in.
LOGIN_ROLES: dict[LiteralString, LiteralString] = {
    "app_owner": "NOSUPERUSER CREATEDB NOCREATEROLE NOBYPASSRLS",
    "app_migrator": "NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
    "app_web": "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "app_ro": "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "app_backup": "NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
}
ROLE_SETTINGS: dict[LiteralString, dict[LiteralString, LiteralString]] = {
    "app_owner": {"lock_timeout": "5s"},
    "app_migrator": {"lock_timeout": "5s"},
    "app_web": {
        "lock_timeout": "5s",
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "30s",
    },
    "app_ro": {
        "default_transaction_read_only": "on",
        "lock_timeout": "5s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "30s",
    },
    "app_backup": {"default_transaction_read_only": "on"},
}
EXTENSIONS: tuple[LiteralString, ...] = ("btree_gist", "pg_trgm", "unaccent")
USEFUL_EXTENSION = "pg_stat_statements"

DATABASE_GRANTS: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO app_owner, app_migrator, app_web, app_ro, app_backup",
    # Imports COPY into temporary tables: COPY cannot write into tables under row-level security.
    "GRANT TEMPORARY ON DATABASE {database} TO app_web",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE, CREATE ON SCHEMA public TO app_owner, app_sec",
    "GRANT USAGE ON SCHEMA public TO app_migrator, app_web, app_ro, app_backup",
    # What migrations create as app_owner.
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_web, app_sec",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO app_ro, app_backup",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO app_web, app_sec",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO app_backup",
    # What belongs to app_sec (the audit log): read only for everybody else.
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_sec IN SCHEMA public GRANT SELECT ON TABLES TO app_web, app_ro, app_backup",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_sec IN SCHEMA public GRANT SELECT ON SEQUENCES TO app_backup",
    # Its functions bypass row-level security: nobody runs one that was not granted by name.
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_sec REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_sec GRANT EXECUTE ON FUNCTIONS TO app_owner",
)


def bootstrap(admin_url: str, database: str, passwords: Mapping[str, str] | None = None) -> None:
    """Make roles and `database` on the server at `admin_url`, a superuser's address of its maintenance database.

    `passwords` by role; without them the server must trust its socket (the embedded one).
    """
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        # Two starts at once: the second waits here and finds everything made.
        connection.execute("SELECT pg_advisory_lock(hashtext('mizan.bootstrap'))")
        make_roles(connection, passwords or {})
        make_database(connection, database)
    with psycopg.connect(
        admin_url, dbname=database, autocommit=True, connect_timeout=10
    ) as connection:
        prepare_database(connection)


def make_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Create or correct the roles and their settings."""
    existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    wanted: dict[LiteralString, LiteralString] = {
        **{role: f"LOGIN {attributes}" for role, attributes in LOGIN_ROLES.items()},
        "app_sec": "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
    }
    for role, attributes in wanted.items():
        verb = sql.SQL("ALTER" if role in existing else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(role), sql.SQL(attributes))
        )
        if role in passwords:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), passwords[role])
            )
        for name, value in ROLE_SETTINGS.get(role, {}).items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(name), value
                )
            )
    # Migrations hand the audit log and the look-ups across companies to app_sec, and work as it on request only.
    connection.execute("GRANT app_sec TO app_owner WITH INHERIT FALSE, SET TRUE")
    connection.execute("GRANT app_owner TO app_migrator WITH INHERIT TRUE, SET TRUE")


def make_database(connection: psycopg.Connection, database: str) -> None:
    """Create `database` for the owner role, or hand an existing one over to it."""
    name = sql.Identifier(database)
    found = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    if found is None:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER app_owner ENCODING 'UTF8' TEMPLATE template0 "
                "LOCALE_PROVIDER builtin LOCALE 'C.UTF-8' BUILTIN_LOCALE 'C.UTF-8'"
            ).format(name)
        )
    elif found[0] != OWNER:
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO app_owner").format(name))


def prepare_database(connection: psycopg.Connection) -> None:
    """Install extensions and grants in the database `connection` is signed in to, as a superuser."""
    for extension in EXTENSIONS:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(
                sql.Identifier(extension)
            )
        )
    available = connection.execute(
        "SELECT 1 FROM pg_available_extensions WHERE name = %s", [USEFUL_EXTENSION]
    ).fetchone()
    preloaded = connection.execute("SHOW shared_preload_libraries").fetchone()
    if available and preloaded and USEFUL_EXTENSION in preloaded[0]:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(USEFUL_EXTENSION))
        )
    database = sql.Identifier(connection.info.dbname)
    for statement in DATABASE_GRANTS:
        connection.execute(sql.SQL(statement).format(database=database))
