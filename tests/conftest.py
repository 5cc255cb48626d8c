"""Fixtures every test may use: the servers, the databases, and where real data lies.

Tests run as the application role (alias `default`), as production does. A test that must look across companies after
its work was committed asks the fixture `sec`, a superuser's connection.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase

from config.messages import compile_catalogues
from config.services.layout import Layout
from config.services.session import use_servers
from tests import databases

#: The cast of companies and people every test may ask for.
pytest_plugins = ["tests.cast"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure() -> None:
    """Compile the translations, so that Arabic pages are Arabic."""
    compile_catalogues(settings.BASE_DIR)


@pytest.fixture(scope="session")
def servers() -> Iterator[Layout]:
    """Keep the embedded PostgreSQL and Valkey of the tests running; all workers share them."""
    with use_servers(settings.EMBEDDED, durable=False) as layout:
        yield layout


@pytest.fixture(scope="session")
def django_db_setup(servers: Layout, django_db_blocker: Any) -> Iterator[None]:
    """Give this worker a database of its own, copied from the migrated template."""
    name = databases.worker_database()
    with django_db_blocker.unblock():
        template = databases.ensure_template(servers)
        databases.create_copy(servers, template, name)
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            settings.DATABASES[alias]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with databases.admin(servers) as connection:
            databases.drop(connection, name)


def _reset_database(self: TransactionTestCase) -> None:
    """Bring the worker's database back to what the migrations left, as the superuser.

    Django's flush truncates as the test's own role, which may not truncate anything here.
    """
    name = connections["default"].settings_dict["NAME"]
    with databases.admin(settings.EMBEDDED, name) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("SELECT pristine.reset()")


@pytest.fixture(autouse=True, scope="session")
def _reset_instead_of_flush() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _reset_database)
    yield
    patch.undo()


@pytest.fixture
def sec(servers: Layout, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A superuser's autocommit connection to the test database, for looking across companies.

    It sees committed rows only: use it with `@pytest.mark.django_db(transaction=True)`.
    """
    with databases.admin(servers, connections["default"].settings_dict["NAME"]) as connection:
        yield connection


@pytest.fixture
def clean_cache(servers: Layout) -> Iterator[None]:
    """Empty the cache before and after the test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data with known answers; the test is skipped where it is not at hand."""
    named = os.environ.get("MIZAN_SHARED", "")
    for folder in (Path(named) if named else None, settings.BASE_DIR.parent / "shared"):
        if folder is not None and (folder / "data").is_dir():
            return folder
    pytest.skip("Real data is not here: set MIZAN_SHARED to its folder.")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium. In CI a missing browser is a failure, elsewhere a stated skip."""
    found = next((path for path in map(shutil.which, CHROMIUM_NAMES) if path), None)
    if found is None:
        reason = "No Chromium here: `make test` installs it as root on Debian, or install the package chromium."
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found
