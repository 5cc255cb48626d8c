"""Row ids made by the application: UUIDv7, ordered by time; and ids of things that have no row of their own."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7

_NAMES = uuid.UUID("6f0a4c1e-6d5b-4a55-9d5e-0b8a3c8f2d11")


def uuid5_of(*parts: object) -> uuid.UUID:
    """Return the one id of what the parts name, such as (company, "ledger.year", 2026)."""
    return uuid.uuid5(_NAMES, "/".join(str(part) for part in parts))


__all__ = ["uuid5_of", "uuid7"]
