"""Audit entries as the API shows them: in words, and as stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.shapes import moment
from audit.models import AuditEntry
from audit.selectors.entries import people_names
from audit.words import in_words


def _sentence(entry: AuditEntry, people: Mapping[int, str]) -> str:
    told = in_words(entry, people)
    head = " ".join(
        str(part) for part in (told.who, told.action, told.kind, told.name, told.source) if part
    )
    changes = "; ".join(
        f"{change.label}: {change.old} → {change.new}"
        if change.old
        else f"{change.label}: {change.new}"
        for change in told.changes
    )
    return f"{head} ({changes})" if changes else head


def entry_shapes(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Return entries with their sentences. Two statements."""
    found = list(entries)
    people = people_names() if found else {}
    return [
        {
            "id": entry.pk,
            "at": moment(entry.at),
            "text": _sentence(entry, people),
            "action": entry.action,
            "entity_type": entry.entity_type,
            "entity_id": entry.entity_id,
            "actor": entry.actor_id,
            "actor_name": people.get(entry.actor_id) if entry.actor_id else None,
            "role": entry.role,
            "source": entry.source,
            "cause": entry.cause,
            "request_id": entry.request_id,
            "old": entry.old,
            "new": entry.new,
        }
        for entry in found
    ]
