"""Alerts through the API (SP-6)."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import money
from api.views import ApiView
from reports.models import Alert
from reports.selectors.alerts import shown, visible_alerts
from reports.services.alerts import alert_dismiss, alerts_refresh

PERMISSION = "reports.dashboard.view"


class AlertShape(drf.Serializer[Any]):
    """One alert."""

    id = drf.UUIDField()
    kind = drf.ChoiceField(Alert.Kind.values)
    subject_kind = drf.CharField()
    subject_id = drf.UUIDField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    text = drf.CharField()
    count = drf.IntegerField()
    amount = amount(allow_null=True)
    currency = drf.CharField()
    since = drf.DateField()


class AlertsFound(drf.Serializer[Any]):
    """What looking again found."""

    open = drf.IntegerField()
    closed = drf.IntegerField()


def alert_shape(row: Alert, currency: str) -> dict[str, Any]:
    """Return one alert in the reader's language."""
    (said,) = shown([row])
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "subject_kind": row.subject_kind,
        "subject_id": str(row.subject_id),
        "name": row.name,
        "name_arabic": row.name_arabic,
        "text": said.text,
        "count": row.count,
        "amount": None if row.amount is None else money(row.amount, currency),
        "currency": currency,
        "since": row.since.isoformat(),
    }


class AlertList(ApiView):
    """Open alerts that concern the caller."""

    permissions = {"GET": PERMISSION}  # read only

    @extend_schema(
        operation_id="alerts_list",
        parameters=[
            OpenApiParameter("kind", enum=list(Alert.Kind.values)),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(AlertShape),
    )
    def get(self, request: Request) -> Response:
        """List open alerts, by kind, the oldest trouble first."""
        query = query_of(request.query_params, ("kind",))
        rows = visible_alerts(self.principal)
        if "kind" in query:
            rows = rows.filter(kind=parse_choice(query["kind"], Alert.Kind.values, field="kind"))
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda row: alert_shape(row, currency))


class AlertDismiss(ApiView):
    """Putting an alert away."""

    permissions = {"POST": PERMISSION}  # read only

    @extend_schema(operation_id="alerts_dismiss", request=None, responses={204: None})
    def post(self, request: Request, alert_id: uuid.UUID) -> Response:
        """Put an alert away for oneself."""
        body_of(request.data, ())
        alert_dismiss(alert_id=alert_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AlertRefresh(ApiView):
    """Looking again."""

    permissions = {"POST": PERMISSION}  # read only

    @extend_schema(operation_id="alerts_refresh", request=None, responses=AlertsFound)
    def post(self, request: Request) -> Response:
        """Find alerts now instead of at the next round."""
        body_of(request.data, ())
        found, closed = alerts_refresh()
        return Response({"open": found, "closed": closed})
