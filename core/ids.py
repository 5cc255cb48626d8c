"""Row ids made by the application: UUIDv7, ordered by time."""

from uuid_utils.compat import uuid7

__all__ = ["uuid7"]
