"""Reads of the audit trail: one record's history, and the log with filters (RR-9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from audit.models import AuditEntry
from tenancy.models import Membership


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is asked of the log. `before`: moment and id of the entry above which older ones begin."""

    actor_id: int | None = None
    action: str = ""
    kind: str = ""
    date_from: dt.datetime | None = None
    date_to: dt.datetime | None = None
    before: tuple[dt.datetime, int] | None = None


def entity_entries(kind: str, key: str, *, limit: int) -> list[AuditEntry]:
    """Return the newest entries of one record with their actors. One statement."""
    rows = AuditEntry.objects.filter(entity_type=kind, entity_id=key).select_related("actor")
    return list(rows.order_by("-at", "-id")[:limit])


def log_entries(wanted: LogFilter, *, limit: int) -> list[AuditEntry]:
    """Return the newest entries that match, `limit` at most. One statement at any depth: paging is by key."""
    rows = AuditEntry.objects.select_related("actor")
    if wanted.actor_id is not None:
        rows = rows.filter(actor_id=wanted.actor_id)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.kind:
        rows = rows.filter(entity_type=wanted.kind)
    if wanted.date_from:
        rows = rows.filter(at__gte=wanted.date_from)
    if wanted.date_to:
        rows = rows.filter(at__lt=wanted.date_to)
    if wanted.before:
        at, key = wanted.before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=key))
    return list(rows.order_by("-at", "-id")[:limit])


def people_names() -> Mapping[int, str]:
    """Return the names of everybody who works or worked for the company."""
    return {
        member.user_id: str(member.user)
        for member in Membership.objects.select_related("user").order_by("user__full_name")
    }
