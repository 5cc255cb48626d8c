"""Find alerts anew, close those that are no longer so, and let people put them away (SP-6)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection
from django.utils import timezone

from core.dates import local_today
from core.errors import N_, DomainError
from core.ids import uuid7
from core.transactions import write
from reports.alerts.rules import RULES
from reports.models import AlertDismissal
from reports.selectors.alerts import visible_alerts
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.principal import Principal


class AlertNotFound(DomainError):
    """There is no such alert for the actor."""

    code = "not_found"
    status = 404


_UPSERT = """
INSERT INTO reports_alert AS a (id, company_id, kind, subject_kind, subject_id, name, name_arabic, count, amount, since,
    user_id, found_at, seen_at)
SELECT r.id, %(company)s, r.kind, r.subject_kind, r.subject_id, left(r.name, 200), left(r.name_arabic, 200), r.count,
    r.amount, r.since, r.user_id, %(now)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(subject_kinds)s::text[], %(subjects)s::uuid[], %(names)s::text[],
    %(names_arabic)s::text[], %(counts)s::int[], %(amounts)s::numeric[], %(since)s::date[], %(users)s::bigint[])
    AS r (id, kind, subject_kind, subject_id, name, name_arabic, count, amount, since, user_id)
ORDER BY r.kind, r.subject_id, r.user_id
ON CONFLICT (company_id, kind, subject_id, user_id) WHERE closed_at IS NULL DO UPDATE
SET name = EXCLUDED.name, name_arabic = EXCLUDED.name_arabic, count = EXCLUDED.count, amount = EXCLUDED.amount,
    since = EXCLUDED.since, seen_at = EXCLUDED.seen_at
"""

_CLOSE = "UPDATE reports_alert SET closed_at = %s WHERE company_id = %s AND closed_at IS NULL AND seen_at < %s"


@write
def alerts_refresh(*, today: dt.date | None = None) -> tuple[int, int]:
    """Find what holds today; returns (open, closed now). One statement for each rule and two to keep the result.

    Runs each day for every company, and when somebody asks. Two at once wait for each other.
    """
    company = Company.objects.get(pk=current_company_id())
    day = today or local_today(company.timezone)
    found = [(rule, one) for rule in RULES for one in rule.find(company, day)]
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('reports.alerts', %s))", [company.pk]
        )
        if found:
            cursor.execute(
                _UPSERT,
                {
                    "company": company.pk,
                    "now": now,
                    "ids": [uuid7() for _ in found],
                    "kinds": [str(rule.kind) for rule, _ in found],
                    "subject_kinds": [rule.subject_kind for rule, _ in found],
                    "subjects": [one.subject_id for _, one in found],
                    "names": [one.name for _, one in found],
                    "names_arabic": [one.name_arabic for _, one in found],
                    "counts": [one.count for _, one in found],
                    "amounts": [one.amount for _, one in found],
                    "since": [one.since for _, one in found],
                    "users": [one.user_id for _, one in found],
                },
            )
        cursor.execute(_CLOSE, [now, company.pk, now])
        return len(found), cursor.rowcount


@write
def alert_dismiss(*, alert_id: uuid.UUID, actor: Principal) -> None:
    """Put an alert away for oneself; others keep theirs. Raises AlertNotFound."""
    if not visible_alerts(actor).filter(pk=alert_id).exists():
        raise AlertNotFound(N_("There is no such alert."))
    AlertDismissal.objects.bulk_create(
        [AlertDismissal(alert_id=alert_id, user_id=actor.user_id)], ignore_conflicts=True
    )
