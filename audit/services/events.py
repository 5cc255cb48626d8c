"""Events that are no row change: sign-in, print, export (RR-9)."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection


def audit_event(
    action: str, entity_type: str, entity_id: object, details: dict[str, Any] | None = None
) -> None:
    """Write one event into the current company's audit log; needs an open company scope and transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_event(%s, %s, %s, %s::jsonb)",
            [action, entity_type, str(entity_id), json.dumps(details or {})],
        )
