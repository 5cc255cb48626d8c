"""Sessions in the database, with a copy in the cache that may be away."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import cached_db, db
from redis.exceptions import RedisError


class SessionStore(cached_db.SessionStore):
    """Django's own store notes a copy that could not be written, but not one it made while reading."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; from the database when the cache does not answer."""
        try:
            data: dict[str, Any] = super().load()
        except RedisError:
            data = db.SessionStore.load(self)
        return data
