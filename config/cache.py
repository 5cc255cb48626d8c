"""The cache's client: Django makes a new one for every read, which costs more than the read itself."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends import redis


class LastingClient(redis.RedisCacheClient):
    """Keeps its client: one may be used by all threads. For one server; reads are not spread over replicas."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        client = self._clients.get(write)
        if client is None:
            client = self._clients[write] = super().get_client(key, write=write)
        return client


class RedisCache(redis.RedisCache):
    """Django's cache on Redis with lasting clients."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
