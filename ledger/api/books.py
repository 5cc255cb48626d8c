"""The books: accounts, periods, exchange rates, journals, trial balance."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, ordering_of, parse_choice, parse_flag, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, moment, money, plain
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal, parse_uuid
from ledger.api import serializers
from ledger.models import Account, ExchangeRate, JournalEntry, JournalLine, Period
from ledger.services.periods import period_set_state
from ledger.services.rates import rate_set

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_CURRENCY_LENGTH = 3


class AccountList(ApiView):
    """The chart of accounts."""

    permissions = {"GET": "ledger.account.view"}  # read only

    @extend_schema(
        operation_id="accounts_list",
        parameters=[
            OpenApiParameter("search", str, description="The beginning of a code."),
            OpenApiParameter("is_posting", bool),
            *PAGES,
        ],
        responses=page_of(serializers.AccountShape),
    )
    def get(self, request: Request) -> Response:
        """List accounts by code."""
        query = query_of(request.query_params, ("is_posting",))
        rows = Account.objects.order_by("code", "id")
        if "is_posting" in query:
            rows = rows.filter(is_posting=parse_flag(query["is_posting"], field="is_posting"))
        if query.get("search"):
            rows = rows.filter(code__startswith=query["search"])
        return paged_query(request, query, rows, _account)


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "kind": account.kind,
        "normal_side": account.normal_side,
        "role": account.role,
        "parent": str(account.parent_id) if account.parent_id else None,
        "is_posting": account.is_posting,
        "is_active": account.is_active,
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "id": str(period.pk),
        "start_date": day(period.start_date),
        "end_date": day(period.end_date),
        "fiscal_year": period.fiscal_year,
        "state": period.state,
        "closed_at": moment(period.closed_at),
        "version": period.version,
    }


class PeriodList(ApiView):
    """Accounting periods."""

    permissions = {"GET": "ledger.period.view"}  # read only

    @extend_schema(
        operation_id="periods_list", parameters=PAGES, responses=page_of(serializers.PeriodShape)
    )
    def get(self, request: Request) -> Response:
        """List periods, oldest first."""
        query = query_of(request.query_params, ())
        return paged_query(request, query, Period.objects.order_by("start_date", "id"), _period)


class PeriodDetail(ApiView):
    """One period."""

    permissions = {"GET": "ledger.period.view", "PATCH": "ledger.period.close"}  # read only

    @extend_schema(operation_id="periods_retrieve", responses=serializers.PeriodShape)
    def get(self, request: Request, period_id: uuid.UUID) -> Response:
        """Return one period."""
        return Response(_period(self._get(period_id)))

    @extend_schema(
        operation_id="periods_change",
        request=serializers.PeriodChange,
        responses=serializers.PeriodShape,
    )
    def patch(self, request: Request, period_id: uuid.UUID) -> Response:
        """Open or close a period."""
        body = body_of(request.data, ("state",))
        state = parse_choice(body.get("state"), Period.State.values, field="state")
        self._get(period_id)
        return Response(_period(period_set_state(period_id=period_id, state=state)))

    @staticmethod
    def _get(period_id: uuid.UUID) -> Period:
        period = Period.objects.filter(pk=period_id).first()
        if period is None:
            raise not_found()
        return period


def _rate(rate: ExchangeRate) -> dict[str, Any]:
    return {
        "id": str(rate.pk),
        "currency": rate.currency,
        "date": day(rate.date),
        "rate": plain(rate.rate),
        "source": rate.source,
    }


def _currency(value: Any) -> str:
    text = clean_text(value, field="currency", min_length=3, max_length=3)
    if not (text.isascii() and text.isalpha() and text.isupper() and len(text) == _CURRENCY_LENGTH):
        raise DomainError(N_("A currency is three letters."), code="invalid", field="currency")
    return text


class ExchangeRateList(ApiView):
    """Exchange rates."""

    permissions = {"GET": "ar.invoice.view", "POST": "ledger.rate.edit"}  # read only

    @extend_schema(
        operation_id="exchange_rates_list",
        parameters=[OpenApiParameter("currency", str), *PAGES],
        responses=page_of(serializers.RateShape),
    )
    def get(self, request: Request) -> Response:
        """List rates by currency, newest first."""
        query = query_of(request.query_params, ("currency",))
        rows = ExchangeRate.objects.order_by("currency", "-date", "id")
        if "currency" in query:
            rows = rows.filter(currency=_currency(query["currency"]))
        return paged_query(request, query, rows, _rate)

    @extend_schema(
        operation_id="exchange_rates_create",
        request=serializers.RateInput,
        responses={201: serializers.RateShape},
    )
    @idempotent("exchange_rates.create")
    def post(self, request: Request) -> Response:
        """Store the rate of a currency for a day: base units for one foreign unit."""
        body = body_of(request.data, ("currency", "date", "rate", "source"))
        rate = rate_set(
            currency=_currency(body.get("currency")),
            date=parse_date(body.get("date"), field="date"),
            rate=parse_decimal(
                body.get("rate"), field="rate", max_digits=18, places=8, above=Decimal(0)
            ),
            source=clean_text(body.get("source"), field="source", max_length=60),
            actor=self.principal,
        )
        return Response(_rate(rate), status=status.HTTP_201_CREATED)


def _entry(entry: JournalEntry, currency: str) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "date": day(entry.date),
        "book": entry.book,
        "kind": entry.kind,
        "source_kind": entry.source_kind,
        "source_id": str(entry.source_id),
        "source_number": entry.source_number,
        "purpose": entry.purpose,
        "description": entry.description,
        "currency": entry.currency,
        "rate": plain(entry.rate),
        "total": money(entry.total, currency),
        "line_count": entry.line_count,
        "reverses": str(entry.reverses_id) if entry.reverses_id else None,
        "posted_at": moment(entry.posted_at),
        "posted_by": entry.posted_by_id,
    }


def _line(line: JournalLine, currency: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "account": str(line.account_id),
        "account_code": line.account.code,
        "account_name": line.account.name,
        "account_name_arabic": line.account.name_arabic,
        "debit": money(line.debit, currency),
        "credit": money(line.credit, currency),
        "currency": line.currency,
        "amount_currency": money(line.amount_currency, line.currency),
        "party_kind": line.party_kind,
        "party": str(line.party_id) if line.party_id else None,
        "tax_code": line.tax_code,
        "description": line.description,
    }


class JournalList(ApiView):
    """Journal entries."""

    permissions = {"GET": "ledger.journal.view"}  # read only

    @extend_schema(
        operation_id="journals_list",
        parameters=[
            OpenApiParameter("source_id", OpenApiTypes.UUID),
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            OpenApiParameter("ordering", enum=["date", "-date"]),
            *PAGES,
        ],
        responses=page_of(serializers.JournalShape),
    )
    def get(self, request: Request) -> Response:
        """List entries, newest first."""
        query = query_of(request.query_params, ("source_id", "date_from", "date_to"))
        order = ordering_of(
            query, {"date": ("date", "id"), "-date": ("-date", "-id")}, ("-date", "-id")
        )
        rows = JournalEntry.objects.order_by(*order)
        if "source_id" in query:
            rows = rows.filter(source_id=parse_uuid(query["source_id"], field="source_id"))
        if "date_from" in query:
            rows = rows.filter(date__gte=parse_date(query["date_from"], field="date_from"))
        if "date_to" in query:
            rows = rows.filter(date__lte=parse_date(query["date_to"], field="date_to"))
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda entry: _entry(entry, currency))


class JournalDetail(ApiView):
    """One journal entry."""

    permissions = {"GET": "ledger.journal.view"}  # read only

    @extend_schema(operation_id="journals_retrieve", responses=serializers.JournalWhole)
    def get(self, request: Request, entry_id: uuid.UUID) -> Response:
        """Return an entry with its lines. Amounts in base currency."""
        entry = JournalEntry.objects.filter(pk=entry_id).first()
        if entry is None:
            raise not_found()
        currency = self.principal.currency
        lines = (
            JournalLine.objects.filter(entry_id=entry_id)
            .select_related("account")
            .order_by("position")
        )
        return Response(
            _entry(entry, currency) | {"lines": [_line(line, currency) for line in lines]}
        )
