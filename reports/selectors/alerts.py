"""The alerts that concern one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext

from reports.alerts.rules import RULE_OF, RULES
from reports.models import Alert, AlertDismissal
from tenancy.principal import Principal
from web.links import page_of
from web.navigation import address as page_address


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert as the page and the API show it."""

    alert: Alert
    text: str
    url: str


def visible_alerts(actor: Principal) -> QuerySet[Alert]:
    """Return open alerts that concern the actor and were not put away, the oldest trouble first."""
    allowed = [rule.kind for rule in RULES if actor.has(rule.permission)]
    put_away = AlertDismissal.objects.filter(
        company_id=OuterRef("company_id"), alert_id=OuterRef("pk"), user_id=actor.user_id
    )
    # who sees everybody's needs no second row for the own ones
    concerned = Q(user=None, kind__in=allowed) | (Q(user_id=actor.user_id) & ~Q(kind__in=allowed))
    rows: QuerySet[Alert] = Alert.objects.filter(concerned, closed_at=None)
    return rows.filter(~Exists(put_away)).order_by("kind", "since", "id")


def shown(rows: Iterable[Alert]) -> list[ShownAlert]:
    """Say each alert in the reader's language, with the page of its subject."""
    return [
        ShownAlert(
            row,
            gettext(RULE_OF[row.kind].text)
            % {"count": row.count, "since": formats.date_format(row.since, "SHORT_DATE_FORMAT")},
            page_address(RULE_OF[row.kind].page) or page_of(row.subject_kind, row.subject_id),
        )
        for row in rows
        if row.kind in RULE_OF
    ]
