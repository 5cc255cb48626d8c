"""Typed reads of environment variables. Every variable of the product is declared here, once.

`.env.example` lists the same names (a test compares). A value that cannot be understood stops the start with a
sentence that names the variable; nothing falls back to a default silently.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("console", "json")
LEAST_SECRET_LENGTH = 50


class BadSetting(ValueError):
    """An environment variable holds a value the product cannot work with."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


def _text(name: str, value: str) -> str:
    return value


def _flag(name: str, value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    try:
        return words[value.lower()]
    except KeyError:
        raise BadSetting(name, f"{value!r} is neither true nor false.") from None


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetting(name, f"{value!r} is not a whole number from {least} to {most}.")
        return int(value)

    return read


def _choice(*allowed: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in allowed:
            raise BadSetting(name, f"{value!r} is not one of {', '.join(allowed)}.")
        return value

    return read


def _names(name: str, value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _folder(name: str, value: str) -> Path:
    path = Path(value).expanduser()
    return path if path.is_absolute() else PROJECT_ROOT / path


def _secret(name: str, value: str) -> str:
    if value and (len(value) < LEAST_SECRET_LENGTH or len(set(value)) < 10):  # distinct characters
        raise BadSetting(name, f"needs at least {LEAST_SECRET_LENGTH} random characters.")
    return value


def _postgres(name: str, value: str) -> str:
    if value:
        database_parts(name, value)
    return value


def _redis(name: str, value: str) -> str:
    if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise BadSetting(name, "must begin with redis://, rediss:// or unix://.")
    return value


def _rate(name: str, value: str) -> str | None:
    count, _, unit = value.partition("/")
    if not count.isdigit() or unit not in ("sec", "min", "hour", "day"):
        raise BadSetting(name, "must be a number and sec, min, hour or day, such as 10/min.")
    return value if int(count) else None


def _mail(name: str, value: str) -> str:
    if urlsplit(value).scheme not in ("console", "smtp", "smtps", "locmem"):
        raise BadSetting(name, "must begin with console://, smtp:// or smtps://.")
    return value


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: how it is read, its default as text, and what it is for."""

    read: Callable[[str, str], Any]
    default: str
    help: str


VARIABLES: dict[str, Variable] = {
    "DJANGO_SETTINGS_MODULE": Variable(
        _choice("config.settings.dev", "config.settings.test", "config.settings.prod"),
        "config.settings.dev",
        "which settings: dev on a laptop, prod on a server",
    ),
    "PORT": Variable(_number(1, 65535), "8000", "port of the web server"),
    "HOST": Variable(_text, "127.0.0.1", "address the web server listens on"),
    "MIZAN_DATA": Variable(
        _folder, ".data", "folder of the embedded database, uploads and secrets"
    ),
    "DATABASE_URL": Variable(
        _postgres,
        "",
        "PostgreSQL 18 as app_web, or as a superuser to be prepared; empty: the embedded server",
    ),
    "DATABASE_OWNER_URL": Variable(
        _postgres,
        "",
        "the same database as app_owner, for migrations; not given to the web process",
    ),
    "DATABASE_ADMIN_URL": Variable(
        _postgres,
        "",
        "a superuser's address, only for `python -m config.services bootstrap`, which makes the roles",
    ),
    "DATABASE_POOL_SIZE": Variable(
        _number(0, 200), "0", "connections kept by one process; 0: none kept (commands)"
    ),
    "REDIS_URL": Variable(_redis, "", "Redis or Valkey; empty: the embedded server"),
    "SECRET_KEY": Variable(
        _secret, "", "signing key; empty: made once and kept in MIZAN_DATA (not in production)"
    ),
    "DEBUG": Variable(_flag, "false", "error pages with source text; refused in production"),
    "ALLOWED_HOSTS": Variable(_names, "", "names the site answers to, separated by commas"),
    "CSRF_TRUSTED_ORIGINS": Variable(_names, "", "origins such as https://books.example.sa"),
    "CORS_ALLOWED_ORIGINS": Variable(
        _names, "", "other origins whose pages may call the API with a token"
    ),
    "BEHIND_PROXY": Variable(_flag, "false", "trust X-Forwarded-Proto and -For of one proxy"),
    "WEB_WORKERS": Variable(_number(1, 64), "2", "web processes"),
    "WEB_THREADS": Variable(_number(1, 64), "4", "threads in each web process"),
    "WORKER_PROCESSES": Variable(_number(1, 64), "2", "background worker processes"),
    "SEED_DEMO": Variable(
        _flag, "true", "fill an empty database with the demo companies (not in production)"
    ),
    "API_GENERATE_RATE": Variable(
        _rate, "10/min", "invoices one user may generate through the API; 0/min: no limit"
    ),
    "API_LOGIN_RATE": Variable(_rate, "20/min", "sign-ins through the API from one address"),
    "LOG_LEVEL": Variable(_choice(*LOG_LEVELS), "INFO", "least level that is logged"),
    "LOG_FORMAT": Variable(
        _choice(*LOG_FORMATS), "console", "console for people, json for machines"
    ),
    "EMAIL_URL": Variable(_mail, "console://", "smtp://user:password@host:587 for sending mail"),
    "DEFAULT_FROM_EMAIL": Variable(_text, "Mizan <no-reply@mizan.test>", "sender of mail"),
}


def read(name: str, environ: Mapping[str, str] | None = None) -> Any:
    """Return the value of a declared variable; an empty value means its default.

    Raises KeyError for an undeclared name and BadSetting for a value that makes no sense.
    """
    variable = VARIABLES[name]
    value = (os.environ if environ is None else environ).get(name, "").strip()
    return variable.read(name, value or variable.default)


def database_parts(name: str, url: str) -> dict[str, str]:
    """Split a libpq address (sockets included) into its parts; raises BadSetting."""
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise BadSetting(name, "must begin with postgres://.")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise BadSetting(name, f"is not a PostgreSQL address ({error}).") from None
    if not parts.get("dbname"):
        parts["dbname"] = "postgres"
    return {key: str(value) for key, value in parts.items() if value is not None}
