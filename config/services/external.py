"""A server that is named by DATABASE_URL. Given a superuser, it is prepared as the embedded one is.

The generated passwords are kept in MIZAN_DATA (mode 0600); the web process gets app_web's address only.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from config.env import BadSetting, database_parts
from config.services.bootstrap import LOGIN_ROLES, bootstrap
from config.services.layout import DATABASE

MAINTENANCE_DATABASES = ("postgres", "template1")
PASSWORD_FILE = "passwords.json"  # noqa: S105  # a file name


def addresses_on(url: str, data: Path) -> dict[str, str]:
    """Return DATABASE_URL and DATABASE_OWNER_URL for the server at `url`; empty when there is nothing to change.

    A superuser's address is exchanged for those of the application and owner roles, after making them.
    Raises psycopg.OperationalError when the server does not answer.
    """
    if not url:
        return {}
    with _connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if row is None or not row[0]:
        return {}
    parts = database_parts("DATABASE_URL", url)
    wanted = parts["dbname"]
    database = DATABASE if wanted in MAINTENANCE_DATABASES else wanted
    passwords = _kept_passwords(data)
    bootstrap(make_conninfo(url, dbname="postgres"), database, passwords)
    return {
        "DATABASE_URL": _address(parts, "app_web", passwords, database),
        "DATABASE_OWNER_URL": _address(parts, "app_owner", passwords, database),
    }


def _connect(url: str) -> psycopg.Connection:
    """Sign in to the named database, or, when it does not exist yet, to the maintenance database."""
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        try:
            return psycopg.connect(url, dbname="postgres", connect_timeout=10)
        except psycopg.OperationalError:
            raise error from None


def bootstrap_named_server(admin_url: str, web_url: str, owner_url: str) -> None:
    """Make the roles and the database that the two addresses name, with the passwords they carry.

    For the container set-up, where nothing else ever sees the superuser's address. Raises BadSetting when the
    addresses do not name app_web and app_owner on one database.
    """
    web, owner = (
        database_parts("DATABASE_URL", web_url),
        database_parts("DATABASE_OWNER_URL", owner_url),
    )
    for name, parts, role in (
        ("DATABASE_URL", web, "app_web"),
        ("DATABASE_OWNER_URL", owner, "app_owner"),
    ):
        if parts.get("user") != role or parts["dbname"] != web["dbname"]:
            raise BadSetting(name, f"must name the role {role} on the database {web['dbname']}.")
    passwords = {
        role: parts["password"]
        for role, parts in (("app_web", web), ("app_owner", owner))
        if parts.get("password")
    }
    bootstrap(make_conninfo(admin_url, dbname="postgres"), web["dbname"], passwords)


def _kept_passwords(data: Path) -> dict[str, str]:
    data.mkdir(parents=True, exist_ok=True)
    file = data / PASSWORD_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept: dict[str, str] = json.loads(file.read_text())
        return kept
    made = {role: secrets.token_urlsafe(24) for role in LOGIN_ROLES}
    with os.fdopen(descriptor, "w") as output:
        json.dump(made, output)
    return made


def _address(parts: dict[str, str], role: str, passwords: dict[str, str], database: str) -> str:
    rest = {key: value for key, value in parts.items() if key not in ("user", "password", "dbname")}
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in rest.items())
    return f"postgresql://{role}:{quote(passwords[role], safe='')}@/{database}?{query}"
