"""Environment variables are typed, and a value that makes no sense is refused by name."""

import pytest

from config.env import VARIABLES, BadSetting, database_parts, read
from config.settings.base import broker_url, database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٨٠٠٠"),
        ("DEBUG", "maybe"),
        ("WEB_WORKERS", "-1"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "postgres://host/db?no_such_option=1"),
        ("REDIS_URL", "http://cache"),
        ("EMAIL_URL", "pigeon://loft"),
        ("LOG_LEVEL", "loud"),
        ("DJANGO_SETTINGS_MODULE", "config.settings.nowhere"),
    ],
)
def test_senseless_value_is_refused_by_name(name, value):
    with pytest.raises(BadSetting, match=f"^{name}: "):
        read(name, {name: value})


@pytest.mark.parametrize("name", VARIABLES)
def test_every_default_can_be_read(name):
    read(name, {})


def test_empty_value_means_the_default():
    assert read("PORT", {"PORT": " "}) == 8000


def test_undeclared_variable_cannot_be_read():
    with pytest.raises(KeyError):
        read("SOMETHING_ELSE", {})


def test_database_address_may_name_a_socket():
    parts = database_parts("DATABASE_URL", "postgresql://app_web@/mizan?host=%2Frun%2Fpg")

    assert parts == {"user": "app_web", "dbname": "mizan", "host": "/run/pg"}


def test_database_keeps_options_and_pool():
    made = database("DATABASE_URL", "postgres://u:p%40ss@db:5433/books?sslmode=require", 7)

    assert (made["NAME"], made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
        "books",
        "u",
        "p@ss",
        "db",
        "5433",
    )
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"]["max_size"] == 7


def test_celery_spells_sockets_its_own_way():
    assert broker_url("unix:///a/b.sock?db=3") == "redis+socket:///a/b.sock?virtual_host=3"
    assert broker_url("redis://cache:6379/0") == "redis://cache:6379/0"
