"""Payouts of commissions: list, pay."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import money
from api.views import ApiView
from commissions.models import CommissionPayout
from commissions.selectors.snapshots import payouts_found
from commissions.services.payouts import payout_create
from core.dates import local_today
from core.inputs import clean_text, given, parse_date, parse_integer, parse_uuid
from documents.typed import Collected

FIELDS = ("salesperson", "until", "date", "payment_account", "reference")
_NOBODY = uuid.UUID(int=0)


class PayoutShape(drf.Serializer[Any]):
    """One payout."""

    id = drf.UUIDField()
    number = drf.CharField()
    salesperson = drf.IntegerField()
    salesperson_name = drf.CharField()
    date = drf.DateField()
    until = drf.DateField()
    payment_account = drf.UUIDField()
    currency = drf.CharField()
    amount = amount()
    row_count = drf.IntegerField()
    reference = drf.CharField()


class PayoutInput(drf.Serializer[Any]):
    """Whom to pay, up to which day; days are today when left out."""

    salesperson = drf.IntegerField()
    payment_account = drf.UUIDField()
    until = drf.DateField(required=False)
    date = drf.DateField(required=False)
    reference = drf.CharField(required=False, max_length=120)


def payout_shape(row: CommissionPayout) -> dict[str, Any]:
    """Return one payout; its salesperson is loaded."""
    return {
        "id": str(row.pk),
        "number": row.number,
        "salesperson": row.salesperson_id,
        "salesperson_name": row.salesperson.full_name or row.salesperson.email,
        "date": row.date.isoformat(),
        "until": row.until.isoformat(),
        "payment_account": str(row.payment_account_id),
        "currency": row.currency,
        "amount": money(row.amount, row.currency),
        "row_count": row.row_count,
        "reference": row.reference,
    }


class PayoutList(ApiView):
    """Payouts of commissions."""

    permissions = {"GET": "commissions.payout.view"}  # read only

    @extend_schema(
        operation_id="commission_payouts_list",
        parameters=[
            OpenApiParameter("salesperson", int),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(PayoutShape),
    )
    def get(self, request: Request) -> Response:
        """List payouts, newest first."""
        query = query_of(request.query_params, ("salesperson",))
        person = query.get("salesperson")
        rows = payouts_found(parse_integer(person, field="salesperson") if person else None)
        return paged_query(request, query, rows, payout_shape)


class CommissionPay(ApiView):
    """Paying commissions."""

    permissions = {"POST": "commissions.payout.create"}  # read only

    @extend_schema(
        operation_id="commissions_pay", request=PayoutInput, responses={201: PayoutShape}
    )
    @idempotent("commissions.pay", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Pay one salesperson everything approved up to a day, less what was taken back."""
        body = body_of(request.data, FIELDS)
        note = Collected()
        today = local_today()
        days = {
            name: note.take(
                lambda name=name: parse_date(given(body.get(name), today), field=name),  # type: ignore[misc]
                today,
            )
            for name in ("until", "date")
        }
        salesperson = note.take(
            lambda: parse_integer(body.get("salesperson"), field="salesperson"), 0
        )
        account = note.take(
            lambda: parse_uuid(body.get("payment_account"), field="payment_account"), _NOBODY
        )
        reference = note.take(
            lambda: clean_text(body.get("reference"), field="reference", max_length=120), ""
        )
        note.done()
        payout = payout_create(
            salesperson_id=salesperson,
            until=days["until"],
            date=days["date"],
            payment_account_id=account,
            reference=reference,
            actor=self.principal,
        )
        return Response(payout_shape(payout), status=status.HTTP_201_CREATED)
