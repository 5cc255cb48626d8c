"""Periods, fiscal years and lock dates."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import day, moment, money
from api.views import ApiView
from core.inputs import clean_text, parse_date, parse_integer
from ledger.models import LockDate, Period
from ledger.selectors.years import YearState, fiscal_years
from ledger.services.locks import lock_date_set, lock_dates
from ledger.services.periods import period_set_state, periods_add_year
from ledger.services.years import year_close, year_reopen

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_REASON = 300


class PeriodChange(drf.Serializer[Any]):
    """The state a period gets; the reason when a closed one is reopened."""

    state = drf.ChoiceField(Period.State.values)
    reason = drf.CharField(required=False, max_length=_REASON)
    version = drf.IntegerField(required=False)


class PeriodShape(drf.Serializer[Any]):
    """A month of the books."""

    id = drf.UUIDField()
    start_date = drf.DateField()
    end_date = drf.DateField()
    fiscal_year = drf.IntegerField()
    state = drf.ChoiceField(Period.State.values)
    closed_at = drf.DateTimeField(allow_null=True)
    reopen_reason = drf.CharField()
    version = drf.IntegerField()


def period_shape(period: Period) -> dict[str, Any]:
    """Return a period as the API shows it."""
    return {
        "id": str(period.pk),
        "start_date": day(period.start_date),
        "end_date": day(period.end_date),
        "fiscal_year": period.fiscal_year,
        "state": period.state,
        "closed_at": moment(period.closed_at),
        "reopen_reason": period.reopen_reason,
        "version": period.version,
    }


class PeriodList(ApiView):
    """Accounting periods."""

    permissions = {"GET": "ledger.period.view"}  # read only

    @extend_schema(operation_id="periods_list", parameters=PAGES, responses=page_of(PeriodShape))
    def get(self, request: Request) -> Response:
        """List periods, oldest first."""
        query = query_of(request.query_params, ())
        rows = Period.objects.order_by("start_date", "id")
        return paged_query(request, query, rows, period_shape)


class PeriodDetail(ApiView):
    """One period."""

    permissions = {"GET": "ledger.period.view", "PATCH": "ledger.period.close"}  # read only

    @extend_schema(operation_id="periods_retrieve", responses=PeriodShape)
    def get(self, request: Request, period_id: uuid.UUID) -> Response:
        """Return one period."""
        return Response(period_shape(self._get(period_id)))

    @extend_schema(operation_id="periods_change", request=PeriodChange, responses=PeriodShape)
    def patch(self, request: Request, period_id: uuid.UUID) -> Response:
        """Move a period to open, closing or closed. A closed one is reopened by an owner, with a reason."""
        body = body_of(request.data, ("state", "reason", "version"))
        state = parse_choice(body.get("state"), Period.State.values, field="state")
        reason = clean_text(body.get("reason", ""), field="reason", max_length=_REASON)
        version = parse_integer(body["version"], field="version") if "version" in body else None
        self._get(period_id)
        period = period_set_state(
            period_id=period_id, state=state, reason=reason, version=version, actor=self.principal
        )
        return Response(period_shape(period))

    @staticmethod
    def _get(period_id: uuid.UUID) -> Period:
        period = Period.objects.filter(pk=period_id).first()
        if period is None:
            raise not_found()
        return period


class FiscalYearShape(drf.Serializer[Any]):
    """A fiscal year with what closing it books; a profit is positive."""

    fiscal_year = drf.IntegerField()
    start_date = drf.DateField()
    end_date = drf.DateField()
    result = amount()
    is_closed = drf.BooleanField()
    closing_journal = drf.UUIDField(allow_null=True)


class YearReason(drf.Serializer[Any]):
    """Why a year is reopened."""

    reason = drf.CharField(max_length=_REASON)


def _year(year: YearState, currency: str) -> dict[str, Any]:
    return {
        "fiscal_year": year.fiscal_year,
        "start_date": day(year.start_date),
        "end_date": day(year.end_date),
        "result": money(year.result, currency),
        "is_closed": year.is_closed,
        "closing_journal": str(year.closing_journal) if year.closing_journal else None,
    }


def _one(fiscal_year: int, currency: str) -> dict[str, Any]:
    for year in fiscal_years():
        if year.fiscal_year == fiscal_year:
            return _year(year, currency)
    raise not_found()


class FiscalYearList(ApiView):
    """Fiscal years."""

    permissions = {"GET": "ledger.period.view", "POST": "ledger.period.close"}  # read only

    @extend_schema(operation_id="fiscal_years_list", responses=FiscalYearShape(many=True))
    def get(self, request: Request) -> Response:
        """List the years, oldest first, with their results in base currency."""
        query_of(request.query_params, (), is_list=False)
        currency = self.principal.currency
        return Response([_year(year, currency) for year in fiscal_years()])

    @extend_schema(
        operation_id="fiscal_years_create", request=None, responses={201: FiscalYearShape}
    )
    @idempotent("fiscal_years.create")
    def post(self, request: Request) -> Response:
        """Create the twelve periods of the year after the last one."""
        body_of(request.data, ())
        start_month = int(self.principal.company.get("fiscal_year_start_month") or 1)
        year = periods_add_year(start_month=start_month, actor=self.principal)
        return Response(_one(year, self.principal.currency), status=status.HTTP_201_CREATED)


class FiscalYearClose(ApiView):
    """Year end."""

    permissions = {"POST": "ledger.year.close"}  # read only

    @extend_schema(operation_id="fiscal_years_close", request=None, responses=FiscalYearShape)
    @idempotent("fiscal_years.close")
    def post(self, request: Request, fiscal_year: int) -> Response:
        """Post the closing journal and close all periods of the year."""
        body_of(request.data, ())
        _one(fiscal_year, self.principal.currency)
        year_close(fiscal_year=fiscal_year, actor=self.principal)
        return Response(_one(fiscal_year, self.principal.currency))


class FiscalYearReopen(ApiView):
    """A year end taken back."""

    permissions = {"POST": "ledger.period.reopen"}  # read only

    @extend_schema(
        operation_id="fiscal_years_reopen", request=YearReason, responses=FiscalYearShape
    )
    @idempotent("fiscal_years.reopen")
    def post(self, request: Request, fiscal_year: int) -> Response:
        """Reverse the closing journal; the last period is in state closing afterwards."""
        body = body_of(request.data, ("reason",))
        reason = clean_text(body.get("reason", ""), field="reason", max_length=_REASON)
        _one(fiscal_year, self.principal.currency)
        year_reopen(fiscal_year=fiscal_year, reason=reason, actor=self.principal)
        return Response(_one(fiscal_year, self.principal.currency))


class LockDateShape(drf.Serializer[Any]):
    """The last locked day of an area; null: not locked."""

    area = drf.ChoiceField(LockDate.Area.values)
    until = drf.DateField(allow_null=True)
    reason = drf.CharField()
    changed_at = drf.DateTimeField(allow_null=True)
    changed_by = drf.IntegerField(allow_null=True)


class LockDateChange(drf.Serializer[Any]):
    """The last locked day; null lifts the lock, which needs an owner and a reason."""

    until = drf.DateField(allow_null=True)
    reason = drf.CharField(required=False, max_length=_REASON)


def _lock(area: str, lock: LockDate | None) -> dict[str, Any]:
    return {
        "area": area,
        "until": day(lock.until) if lock else None,
        "reason": lock.reason if lock else "",
        "changed_at": moment(lock.changed_at) if lock else None,
        "changed_by": lock.changed_by_id if lock else None,
    }


class LockDateList(ApiView):
    """Lock dates by area."""

    permissions = {"GET": "ledger.period.view"}  # read only

    @extend_schema(operation_id="lock_dates_list", responses=LockDateShape(many=True))
    def get(self, request: Request) -> Response:
        """Return every area with its lock date. `tax` is set by filing a VAT return."""
        query_of(request.query_params, (), is_list=False)
        found = lock_dates()
        return Response([_lock(area, found.get(area)) for area in LockDate.Area.values])


class LockDateDetail(ApiView):
    """The lock date of one area."""

    permissions = {"PUT": "ledger.period.close"}  # read only

    @extend_schema(
        operation_id="lock_dates_change", request=LockDateChange, responses=LockDateShape
    )
    def put(self, request: Request, area: str) -> Response:
        """Lock the area up to and including a day, or lift the lock."""
        if area not in LockDate.Area.values:
            raise not_found()
        body = body_of(request.data, ("until", "reason"))
        until = body.get("until")
        lock = lock_date_set(
            area=area,
            until=None if until is None else parse_date(until, field="until"),
            reason=clean_text(body.get("reason", ""), field="reason", max_length=_REASON),
            actor=self.principal,
        )
        return Response(_lock(area, lock))
