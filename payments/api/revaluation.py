"""Revaluation of a period."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, query_of
from api.serializers import amount
from api.shapes import day, maybe_money, money, plain
from api.views import ApiView
from ledger.models import Period
from payments.revaluation.services import (
    RevaluationPreview,
    revaluation_post,
    revaluation_preview,
    revaluation_undo,
)


class RevaluedItemShape(drf.Serializer[Any]):
    """What is open in a currency; a debit positive. Null while the rate is missing."""

    account_code = drf.CharField()
    party_kind = drf.CharField()
    party = drf.UUIDField(allow_null=True)
    name = drf.CharField()
    currency = drf.CharField()
    open_amount = amount()
    carrying_amount = amount()
    rate = amount(allow_null=True)
    rate_date = drf.DateField(allow_null=True)
    value = amount(allow_null=True)
    difference = amount(allow_null=True)


class RevaluationShape(drf.Serializer[Any]):
    """The revaluation of a period; `journal` null while it is not posted."""

    period = drf.UUIDField()
    date = drf.DateField()
    journal = drf.UUIDField(allow_null=True)
    gain = amount()
    loss = amount()
    missing_rates = drf.ListField(child=drf.CharField())
    rows = RevaluedItemShape(many=True)


def _shape(preview: RevaluationPreview, currency: str) -> dict[str, Any]:
    return {
        "period": str(preview.period.pk),
        "date": day(preview.period.end_date),
        "journal": str(preview.entry.pk) if preview.entry else None,
        "gain": money(preview.gain, currency),
        "loss": money(preview.loss, currency),
        "missing_rates": [str(error.params["currency"]) for error in preview.missing],
        "rows": [
            {
                "account_code": one.item.account_code,
                "party_kind": one.item.party_kind,
                "party": str(one.item.party_id) if one.item.party_id else None,
                "name": one.item.name,
                "currency": one.item.currency,
                "open_amount": money(one.item.open, one.item.currency),
                "carrying_amount": money(one.item.carrying, currency),
                "rate": plain(one.quote.rate) if one.quote else None,
                "rate_date": day(one.quote.date) if one.quote else None,
                "value": maybe_money(one.value, currency),
                "difference": maybe_money(one.difference, currency),
            }
            for one in preview.items
        ],
    }


def _period(period_id: uuid.UUID) -> Period:
    period = Period.objects.filter(pk=period_id).first()
    if period is None:
        raise not_found()
    return period


class Revaluation(ApiView):
    """Open items in foreign currencies at the rates of a period's last day."""

    permissions = {"GET": "ledger.period.view", "POST": "ledger.revaluation.post"}  # read only

    @extend_schema(operation_id="revaluation_retrieve", responses=RevaluationShape)
    def get(self, request: Request, period_id: uuid.UUID) -> Response:
        """Return the items, and the journal when it is posted."""
        query_of(request.query_params, (), is_list=False)
        currency = self.principal.currency
        preview = revaluation_preview(_period(period_id), base_currency=currency)
        return Response(_shape(preview, currency))

    @extend_schema(operation_id="revaluation_post", request=None, responses=RevaluationShape)
    @idempotent("revaluation.post")
    def post(self, request: Request, period_id: uuid.UUID) -> Response:
        """Post it; it reverses itself on the first day of the next period."""
        body_of(request.data, ())
        period = _period(period_id)
        revaluation_post(period_id=period.pk, actor=self.principal)
        currency = self.principal.currency
        return Response(_shape(revaluation_preview(period, base_currency=currency), currency))


class RevaluationUndo(ApiView):
    """A revaluation taken back."""

    permissions = {"POST": "ledger.revaluation.post"}  # read only

    @extend_schema(operation_id="revaluation_undo", request=None, responses=RevaluationShape)
    @idempotent("revaluation.undo")
    def post(self, request: Request, period_id: uuid.UUID) -> Response:
        """Take it back, on its own day and on the next."""
        body_of(request.data, ())
        period = _period(period_id)
        revaluation_undo(period_id=period.pk, actor=self.principal)
        currency = self.principal.currency
        return Response(_shape(revaluation_preview(period, base_currency=currency), currency))
