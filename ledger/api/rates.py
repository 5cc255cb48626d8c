"""Exchange rates: list, add, correct, import of files."""

from __future__ import annotations

import base64
import binascii
import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import day, plain
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import clean_text, optional, parse_date, parse_decimal, parse_flag
from ledger.models import ExchangeRate
from ledger.rate_files import open_rate_file, rates_of, source_of
from ledger.services.rates import rate_correct, rate_delete, rate_set, rates_import

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_CURRENCY_LENGTH = 3
_SOURCE = 60


class RateChange(drf.Serializer[Any]):
    """A rate: base units for one foreign unit."""

    rate = amount()
    source = drf.CharField(  # type: ignore[assignment]  # a field of the answer, not the base's
        required=False, max_length=_SOURCE
    )


class RateInput(RateChange):
    """The rate of a currency for a day."""

    currency = drf.CharField(max_length=3)
    date = drf.DateField()


class RateShape(RateInput):
    """A stored rate."""

    id = drf.UUIDField()


class RateFileInput(drf.Serializer[Any]):
    """A file of rates: the European Central Bank's table, or rates per US dollar; plain, gzip or zip."""

    content_base64 = drf.CharField()
    currencies = drf.ListField(child=drf.CharField(max_length=3), required=False)
    since = drf.DateField(required=False)
    replace = drf.BooleanField(required=False)


class RatesImportedShape(drf.Serializer[Any]):
    """What an import did."""

    source = drf.CharField()  # type: ignore[assignment]  # as above
    read = drf.IntegerField()
    stored = drf.IntegerField()
    corrected = drf.IntegerField()
    unchanged = drf.IntegerField()
    kept = drf.IntegerField(help_text="Days that have another rate, which stays.")


def _rate(rate: ExchangeRate) -> dict[str, Any]:
    return {
        "id": str(rate.pk),
        "currency": rate.currency,
        "date": day(rate.date),
        "rate": plain(rate.rate),
        "source": rate.source,
    }


def _currency(value: Any, field: str = "currency") -> str:
    text = clean_text(value, field=field, min_length=3, max_length=3)
    if not (text.isascii() and text.isalpha() and text.isupper() and len(text) == _CURRENCY_LENGTH):
        raise DomainError(N_("A currency is three letters."), code="invalid", field=field)
    return text


def _value(body: dict[str, Any]) -> Decimal:
    return parse_decimal(body.get("rate"), field="rate", max_digits=18, places=8, above=Decimal(0))


class ExchangeRateList(ApiView):
    """Exchange rates."""

    permissions = {"GET": "ar.invoice.view", "POST": "ledger.rate.edit"}  # read only

    @extend_schema(
        operation_id="exchange_rates_list",
        parameters=[OpenApiParameter("currency", str), *PAGES],
        responses=page_of(RateShape),
    )
    def get(self, request: Request) -> Response:
        """List rates by currency, newest first."""
        query = query_of(request.query_params, ("currency",))
        rows = ExchangeRate.objects.order_by("currency", "-date", "id")
        if "currency" in query:
            rows = rows.filter(currency=_currency(query["currency"]))
        return paged_query(request, query, rows, _rate)

    @extend_schema(
        operation_id="exchange_rates_create", request=RateInput, responses={201: RateShape}
    )
    @idempotent("exchange_rates.create")
    def post(self, request: Request) -> Response:
        """Store the rate of a currency for a day: base units for one foreign unit."""
        body = body_of(request.data, ("currency", "date", "rate", "source"))
        rate = rate_set(
            currency=_currency(body.get("currency")),
            date=parse_date(body.get("date"), field="date"),
            rate=_value(body),
            source=clean_text(body.get("source"), field="source", max_length=_SOURCE),
            actor=self.principal,
        )
        return Response(_rate(rate), status=status.HTTP_201_CREATED)


class ExchangeRateDetail(ApiView):
    """One rate."""

    permissions = {
        "GET": "ar.invoice.view",
        "PATCH": "ledger.rate.edit",
        "DELETE": "ledger.rate.edit",
    }

    @extend_schema(operation_id="exchange_rates_retrieve", responses=RateShape)
    def get(self, request: Request, rate_id: uuid.UUID) -> Response:
        """Return one rate."""
        return Response(_rate(self._get(rate_id)))

    @extend_schema(operation_id="exchange_rates_change", request=RateChange, responses=RateShape)
    def patch(self, request: Request, rate_id: uuid.UUID) -> Response:
        """Correct a rate. Posted documents keep the rate they were posted with."""
        body = body_of(request.data, ("rate", "source"))
        self._get(rate_id)
        rate = rate_correct(
            rate_id=rate_id,
            rate=_value(body),
            source=clean_text(body.get("source", ""), field="source", max_length=_SOURCE),
            actor=self.principal,
        )
        return Response(_rate(rate))

    @extend_schema(operation_id="exchange_rates_delete", responses={204: None})
    def delete(self, request: Request, rate_id: uuid.UUID) -> Response:
        """Take a rate out of the table."""
        self._get(rate_id)
        rate_delete(rate_id=rate_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @staticmethod
    def _get(rate_id: uuid.UUID) -> ExchangeRate:
        rate = ExchangeRate.objects.filter(pk=rate_id).first()
        if rate is None:
            raise not_found()
        return rate


class ExchangeRateImport(ApiView):
    """Files of exchange rates."""

    permissions = {"POST": "ledger.rate.edit"}  # read only

    @extend_schema(
        operation_id="exchange_rates_import", request=RateFileInput, responses=RatesImportedShape
    )
    @idempotent("exchange_rates.import")
    def post(self, request: Request) -> Response:
        """Store the rates of a file, all or none. Days that have a rate keep it, unless `replace`."""
        body = body_of(request.data, ("content_base64", "currencies", "since", "replace"))
        currencies = body.get("currencies") or []
        if not isinstance(currencies, list):
            raise DomainError(N_("Send a list of currencies."), field="currencies")
        file = open_rate_file(_content(body.get("content_base64")))
        base = self.principal.currency
        source = source_of(file, base)
        done = rates_import(
            rows=rates_of(
                file,
                base_currency=base,
                currencies={_currency(one, "currencies") for one in currencies},
                since=optional(parse_date, body.get("since"), field="since", earliest=1990),
            ),
            source=source,
            replace=parse_flag(body.get("replace", False), field="replace"),
            actor=self.principal,
        )
        return Response(
            {
                "source": source,
                "read": done.read,
                "stored": done.stored,
                "corrected": done.corrected,
                "unchanged": done.unchanged,
                "kept": done.kept,
            }
        )


def _content(value: Any) -> bytes:
    try:
        if not isinstance(value, str):
            raise ValueError
        return base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        raise DomainError(N_("Send the file as base64."), field="content_base64") from None
