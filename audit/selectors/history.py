"""Querysets of the audit log for paged answers (RR-9); the pages read by key in audit.selectors.entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from audit.models import AuditEntry


def _newest(**wanted: Any) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(**wanted).select_related("actor").order_by("-at", "-id")


def entity_history(entity_type: str, entity_id: str) -> QuerySet[AuditEntry]:
    """Return the entries of one record, newest first."""
    return _newest(entity_type=entity_type, entity_id=entity_id)


def user_actions(user_id: int) -> QuerySet[AuditEntry]:
    """Return the actions of one person in this company, newest first."""
    return _newest(actor_id=user_id)


def log(
    *,
    entity_type: str = "",
    action: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[AuditEntry]:
    """Return the company's entries that match, newest first. `until` is exclusive."""
    wanted = {
        "entity_type": entity_type or None,
        "action": action or None,
        "at__gte": since,
        "at__lt": until,
    }
    return _newest(**{name: value for name, value in wanted.items() if value is not None})
