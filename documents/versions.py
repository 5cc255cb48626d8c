"""Optimistic versions: an edit from an outdated version is refused with what changed meanwhile (SP-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import N_
from documents.errors import StaleVersion
from documents.models import DocumentHeader


class Conflict(StaleVersion):
    """StaleVersion that carries both sides: `current_version` and `changes` {field: {yours, theirs}}."""

    def __init__(self, *, current_version: int, changes: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(
            N_("Somebody changed this document meanwhile. Compare and save again."), field="version"
        )
        self.current_version = current_version
        self.changes = dict(changes)


def require_version(
    document: DocumentHeader, version: int | None, *, wanted: Mapping[str, Any] | None = None
) -> None:
    """Raise Conflict when the edit was made on another version than the stored one.

    `wanted` holds the values the edit would write: those that differ from the stored ones are named.
    """
    if version is None or version == document.version:
        return
    changes = {}
    for name, mine in (wanted or {}).items():
        theirs = getattr(document, name)
        if str(theirs) != str(mine):
            changes[name] = {"yours": mine, "theirs": theirs}
    raise Conflict(current_version=document.version, changes=changes)
