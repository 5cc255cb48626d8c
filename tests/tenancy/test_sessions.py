"""Who is signed in stays so while the cache is away (reliability.md part 11)."""

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.ar.signed_in import signed_in

pytestmark = pytest.mark.django_db


def _away(*args, **kwargs):
    raise RedisConnectionError("Connection refused.")


def test_pages_open_while_the_cache_is_away(company_a, monkeypatch):
    client = signed_in(company_a)
    for name in ("get", "set", "add", "get_many", "set_many", "touch", "incr", "has_key"):
        monkeypatch.setattr(f"django.core.cache.backends.redis.RedisCache.{name}", _away)

    for path in ("/", "/invoices/", "/invoices/new/", "/reports/trial-balance/"):
        assert client.get(path).status_code == 200, path
