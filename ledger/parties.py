"""Who a journal line may be about: upper apps say where their parties are, the ledger only asks.

An app registers its source once, when Django starts (`apps.ready`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Party:
    """One customer, supplier or employee as a picker shows it."""

    kind: str
    id: uuid.UUID
    code: str
    name: str
    name_arabic: str


@dataclass(frozen=True, slots=True)
class PartySource:
    """Where the parties of a kind are. `search` takes a search key and a limit; `named` ids. One statement each."""

    kind: str
    label: StrOrPromise
    search: Callable[[str, int], Sequence[Party]]
    named: Callable[[Iterable[uuid.UUID]], Mapping[uuid.UUID, Party]]


_SOURCES: dict[str, PartySource] = {}


def register_parties(source: PartySource) -> None:
    """Add the source of a kind of party."""
    _SOURCES[source.kind] = source


def party_sources() -> list[PartySource]:
    """Return every source, by kind."""
    return [_SOURCES[kind] for kind in sorted(_SOURCES)]


def parties_found(text: str, *, limit: int = 10, kind: str = "") -> list[Party]:
    """Return parties whose code or name contains the search key, of one kind or of all."""
    found: list[Party] = []
    for source in party_sources():
        if not kind or source.kind == kind:
            found.extend(source.search(text, limit))
    return found[:limit]


def parties_named(keys: Iterable[tuple[str, uuid.UUID]]) -> dict[tuple[str, uuid.UUID], Party]:
    """Return the parties of (kind, id); unknown ones are left out. One statement for each kind."""
    by_kind: dict[str, set[uuid.UUID]] = {}
    for kind, party_id in keys:
        by_kind.setdefault(kind, set()).add(party_id)
    return {
        (kind, party_id): party
        for kind, ids in by_kind.items()
        if kind in _SOURCES
        for party_id, party in _SOURCES[kind].named(ids).items()
    }
