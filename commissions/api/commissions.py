"""Commissions: list, summary, approval (RR-5, RR-8)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import moment, money, plain
from api.views import ApiView
from ar.models import Invoice
from commissions.models import CommissionAdjustment, CommissionSnapshot
from commissions.selectors.snapshots import with_current_amounts
from commissions.services.snapshots import snapshot_approve, summary_of
from core.inputs import optional, parse_date, parse_integer
from tenancy.errors import PERMISSION_MESSAGE, PermissionRefused
from tenancy.principal import Principal
from tenancy.statements import Statement, slot

VIEW_ALL = "commissions.snapshot.view"
VIEW_OWN = "commissions.snapshot.view_own"
FILTERS = ("salesperson", "status", "date_from", "date_to")
PARAMETERS = [
    OpenApiParameter(
        "salesperson", int, description="A user id; others' only with the right to see all."
    ),
    OpenApiParameter("status", enum=list(CommissionSnapshot.Status.values)),
    OpenApiParameter("date_from", OpenApiTypes.DATE),
    OpenApiParameter("date_to", OpenApiTypes.DATE),
]


class AdjustmentShape(drf.Serializer[Any]):
    """What was added or taken back later; signed amounts."""

    id = drf.UUIDField()
    cause = drf.ChoiceField(CommissionAdjustment.Cause.values)
    date = drf.DateField()
    commission_amount = amount()
    tax_amount = amount()
    net_amount = amount()


class CommissionShape(drf.Serializer[Any]):
    """One commission."""

    id = drf.UUIDField()
    invoice = drf.UUIDField()
    invoice_number = drf.CharField()
    salesperson = drf.IntegerField()
    salesperson_name = drf.CharField()
    base_amount = amount()
    percent = amount()
    commission_amount = amount()
    tax_percent = amount()
    tax_amount = amount()
    net_amount = amount()
    current_commission = amount()
    current_net = amount()
    adjustments = AdjustmentShape(many=True)
    currency = drf.CharField()
    status = drf.ChoiceField(CommissionSnapshot.Status.values)
    source = drf.CharField()
    paid_at = drf.DateTimeField()


class CommissionSummaryShape(drf.Serializer[Any]):
    """Totals of several commissions."""

    count = drf.IntegerField()
    base = amount()
    commission = amount()
    tax = amount()
    net = amount()
    average_percent = amount()
    pending_count = drf.IntegerField()
    pending_commission = amount()
    pending_net = amount()
    currency = drf.CharField()


def commission_shape(row: CommissionSnapshot) -> dict[str, Any]:
    """Return one commission; invoice and salesperson are loaded."""
    currency = row.currency
    return {
        "id": str(row.pk),
        "invoice": str(row.invoice_id),
        "invoice_number": row.invoice.number,
        "salesperson": row.salesperson_id,
        "salesperson_name": row.salesperson.full_name or row.salesperson.email,
        "base_amount": money(row.base_amount, currency),
        "percent": plain(row.percent),
        "commission_amount": money(row.commission_amount, currency),
        "tax_percent": plain(row.tax_percent),
        "tax_amount": money(row.tax_amount, currency),
        "net_amount": money(row.net_amount, currency),
        "current_commission": money(row.current_commission, currency),  # type: ignore[attr-defined]  # annotated
        "current_net": money(row.current_net, currency),  # type: ignore[attr-defined]  # annotated
        "adjustments": [
            {
                "id": str(one.pk),
                "cause": one.cause,
                "date": one.date.isoformat(),
                "commission_amount": money(one.commission_amount, currency),
                "tax_amount": money(one.tax_amount, currency),
                "net_amount": money(one.net_amount, currency),
            }
            for one in row.adjustments.all()
        ],
        "currency": currency,
        "status": row.status,
        "source": row.source,
        "paid_at": moment(row.paid_at),
    }


def visible(actor: Principal) -> QuerySet[CommissionSnapshot]:
    """Return the commissions the actor may see: all, or their own."""
    rows = with_current_amounts(
        CommissionSnapshot.objects.select_related("invoice", "salesperson").prefetch_related(
            "adjustments"
        )
    )
    if not actor.has(VIEW_ALL):
        rows = rows.filter(salesperson_id=actor.user_id)
    return rows


def wanted(query: dict[str, str], actor: Principal) -> QuerySet[CommissionSnapshot]:
    """Return the visible commissions that match. Raises PermissionRefused for another person's."""
    rows = visible(actor)
    if "salesperson" in query:
        user_id = parse_integer(query["salesperson"], field="salesperson")
        if user_id != actor.user_id and not actor.has(VIEW_ALL):
            raise PermissionRefused(PERMISSION_MESSAGE, params={"permission": VIEW_ALL})
        rows = rows.filter(salesperson_id=user_id)
    if "status" in query:
        state = parse_choice(query["status"], CommissionSnapshot.Status.values, field="status")
        rows = rows.filter(status=state)
    if "date_from" in query:
        rows = rows.filter(paid_at__date__gte=parse_date(query["date_from"], field="date_from"))
    if "date_to" in query:
        rows = rows.filter(paid_at__date__lte=parse_date(query["date_to"], field="date_to"))
    return rows


class CommissionList(ApiView):
    """Commissions."""

    permissions = {"GET": VIEW_OWN}  # read only

    @extend_schema(
        operation_id="commissions_list",
        parameters=[*PARAMETERS, OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=page_of(CommissionShape),
    )
    def get(self, request: Request) -> Response:
        """List commissions, newest first: all, or one's own."""
        query = query_of(request.query_params, FILTERS)
        rows = wanted(query, self.principal).order_by("-paid_at", "-id")
        return paged_query(request, query, rows, commission_shape)


class CommissionSummary(ApiView):
    """Totals of commissions."""

    permissions = {"GET": VIEW_OWN}  # read only

    @extend_schema(
        operation_id="commissions_summary", parameters=PARAMETERS, responses=CommissionSummaryShape
    )
    def get(self, request: Request) -> Response:
        """Return base, commission, tax, net and average percent, and what is pending."""
        query = query_of(request.query_params, FILTERS, is_list=False)
        rows = list(wanted(query, self.principal).select_related(None))
        pending = summary_of(
            [row for row in rows if row.status == CommissionSnapshot.Status.PENDING]
        )
        total = summary_of(rows)
        currency = self.principal.currency
        return Response(
            {
                "count": total.count,
                "base": money(total.base, currency),
                "commission": money(total.commission, currency),
                "tax": money(total.tax, currency),
                "net": money(total.net, currency),
                "average_percent": plain(total.average_percent),
                "pending_count": pending.count,
                "pending_commission": money(pending.commission, currency),
                "pending_net": money(pending.net, currency),
                "currency": currency,
            }
        )


class ApproveInput(drf.Serializer[Any]):
    """When the approval is booked."""

    date = drf.DateField(required=False)


class CommissionApprove(ApiView):
    """Approving a commission."""

    permissions = {"POST": "commissions.snapshot.approve"}  # read only

    @extend_schema(
        operation_id="commissions_approve", request=ApproveInput, responses=CommissionShape
    )
    @idempotent("commissions.approve", keep=KEEP_MONEY)
    def post(self, request: Request, snapshot_id: uuid.UUID) -> Response:
        """Approve a pending commission with its journal, dated today or `date`; only an owner."""
        body = body_of(request.data, ("date",))
        date = optional(parse_date, body.get("date"), field="date")
        if not CommissionSnapshot.objects.filter(pk=snapshot_id).exists():
            raise not_found()
        snapshot_approve(snapshot_id=snapshot_id, actor=self.principal, date=date)
        row = visible(self.principal).get(pk=snapshot_id)
        return Response(commission_shape(row))


_SNAPSHOTS: Statement[uuid.UUID] = Statement(
    CommissionSnapshot,
    lambda rows: rows.filter(invoice_id=slot("invoice_id")).values_list("pk", flat=True)[:1],
)


def commissions_of(invoice: Invoice, actor: Principal) -> list[dict[str, Any]]:
    """Return the commissions of an invoice that the actor may see.

    Most invoices have none: whether there is one is asked first, because the whole question costs ten times as much.
    """
    if not _SNAPSHOTS.all(invoice_id=invoice.pk):
        return []
    return [commission_shape(row) for row in visible(actor).filter(invoice_id=invoice.pk)]
