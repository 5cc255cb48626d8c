"""VAT returns: prepare, file, take back, pay; the closing checklist of a period."""

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
from api.inputs import body_of, query_of
from api.pagination import paged_query
from api.serializers import amount, page_of
from api.shapes import day, moment, money
from api.views import ApiView
from core.inputs import clean_text, given, parse_date, parse_decimal, parse_uuid
from ledger.models import Period
from reports.closing import closing_checklist
from reports.models import VatReturn
from reports.vat.figures import CARRIES_VAT, NAMES, from_json
from reports.vat.services import (
    vat_return_discard,
    vat_return_file,
    vat_return_pay,
    vat_return_prepare,
    vat_return_unfile,
    vat_return_unpay,
)

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_REASON = 300


class VatBoxShape(drf.Serializer[Any]):
    """A line of the form; `vat` null where the line has none."""

    box = drf.IntegerField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    adjustment = amount()
    vat = amount(allow_null=True)
    output = amount()
    input = amount()
    amount = amount()  # last: the field hides the function


class VatReturnShape(drf.Serializer[Any]):
    """A VAT return with its frozen boxes, in base currency. `net_due` negative: a credit."""

    id = drf.UUIDField()
    start_date = drf.DateField()
    end_date = drf.DateField()
    state = drf.ChoiceField(VatReturn.State.values)
    correction = amount()
    correction_reason = drf.CharField()
    carried_forward = amount()
    net_due = amount()
    filing_journal = drf.UUIDField(allow_null=True)
    payment_journal = drf.UUIDField(allow_null=True)
    prepared_at = drf.DateTimeField()
    filed_at = drf.DateTimeField(allow_null=True)
    version = drf.IntegerField()
    boxes = VatBoxShape(many=True)


class VatPrepareInput(drf.Serializer[Any]):
    """Any day of the period; box 14 with its reason."""

    date = drf.DateField()
    correction = amount(required=False)
    correction_reason = drf.CharField(required=False, max_length=_REASON)


class VatReasonInput(drf.Serializer[Any]):
    """Why a return is taken back."""

    reason = drf.CharField(max_length=_REASON)


class VatPayInput(drf.Serializer[Any]):
    """From or into which payment account."""

    payment_account = drf.UUIDField()
    date = drf.DateField()


class VatUnpayInput(drf.Serializer[Any]):
    """On which day the payment is reversed."""

    date = drf.DateField()


def _shape(vat_return: VatReturn, currency: str) -> dict[str, Any]:
    boxes = from_json(vat_return.figures)
    return {
        "id": str(vat_return.pk),
        "start_date": day(vat_return.start_date),
        "end_date": day(vat_return.end_date),
        "state": vat_return.state,
        "correction": money(vat_return.correction, currency),
        "correction_reason": vat_return.correction_reason,
        "carried_forward": money(vat_return.carried_forward, currency),
        "net_due": money(vat_return.net_due, currency),
        "filing_journal": str(vat_return.filing_entry_id) if vat_return.filing_entry_id else None,
        "payment_journal": str(vat_return.payment_entry_id)
        if vat_return.payment_entry_id
        else None,
        "prepared_at": moment(vat_return.prepared_at),
        "filed_at": moment(vat_return.filed_at),
        "version": vat_return.version,
        "boxes": [
            {
                "box": box,
                "name": name.english,
                "name_arabic": name.arabic,
                "amount": money(boxes[box].amount, currency),
                "adjustment": money(boxes[box].adjustment, currency),
                "vat": money(boxes[box].vat, currency) if box in CARRIES_VAT else None,
                "output": money(boxes[box].output, currency),
                "input": money(boxes[box].input, currency),
            }
            for box, name in NAMES.items()
        ],
    }


class _VatView(ApiView):
    """What the endpoints of one return share."""

    def found(self, vat_return_id: uuid.UUID) -> VatReturn:
        row = VatReturn.objects.filter(pk=vat_return_id).first()
        if row is None:
            raise not_found()
        return row

    def answer(self, vat_return: VatReturn, code: int = status.HTTP_200_OK) -> Response:
        return Response(_shape(vat_return, self.principal.currency), status=code)


class VatReturnList(_VatView):
    """VAT returns."""

    permissions = {"GET": "reports.books.view", "POST": "reports.vat_return.prepare"}  # read only

    @extend_schema(
        operation_id="vat_returns_list", parameters=PAGES, responses=page_of(VatReturnShape)
    )
    def get(self, request: Request) -> Response:
        """List returns, newest first."""
        query = query_of(request.query_params, ())
        currency = self.principal.currency
        rows = VatReturn.objects.order_by("-start_date", "-id")
        return paged_query(request, query, rows, lambda one: _shape(one, currency))

    @extend_schema(
        operation_id="vat_returns_prepare",
        request=VatPrepareInput,
        responses={201: VatReturnShape},
    )
    @idempotent("vat_returns.prepare")
    def post(self, request: Request) -> Response:
        """Freeze the figures of the period a day lies in; again while it is not filed."""
        body = body_of(request.data, ("date", "correction", "correction_reason"))
        correction = parse_decimal(
            given(body.get("correction"), "0"), field="correction", max_digits=12, places=2
        )
        vat_return = vat_return_prepare(
            date=parse_date(body.get("date"), field="date"),
            correction=correction,
            correction_reason=clean_text(
                body.get("correction_reason", ""), field="correction_reason", max_length=_REASON
            ),
            actor=self.principal,
        )
        return self.answer(vat_return, status.HTTP_201_CREATED)


class VatReturnDetail(_VatView):
    """One VAT return."""

    permissions = {"GET": "reports.books.view", "DELETE": "reports.vat_return.prepare"}  # read only

    @extend_schema(operation_id="vat_returns_retrieve", responses=VatReturnShape)
    def get(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Return one return; its rows are `reports/vat-rows`."""
        return self.answer(self.found(vat_return_id))

    @extend_schema(operation_id="vat_returns_discard", responses={204: None})
    def delete(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Throw a prepared return away."""
        vat_return_discard(vat_return_id=self.found(vat_return_id).pk, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class VatReturnFile(_VatView):
    """Filing."""

    permissions = {"POST": "reports.vat_return.file"}  # read only

    @extend_schema(operation_id="vat_returns_file", request=None, responses=VatReturnShape)
    @idempotent("vat_returns.file")
    def post(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Post the VAT accounts to the settlement account and lock VAT up to the last day."""
        body_of(request.data, ())
        found = self.found(vat_return_id)
        return self.answer(vat_return_file(vat_return_id=found.pk, actor=self.principal))


class VatReturnUnfile(_VatView):
    """Filing taken back."""

    permissions = {"POST": "reports.vat_return.unfile"}  # read only

    @extend_schema(
        operation_id="vat_returns_unfile", request=VatReasonInput, responses=VatReturnShape
    )
    @idempotent("vat_returns.unfile")
    def post(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Reverse the filing journal and the lock; only while nothing later is filed."""
        body = body_of(request.data, ("reason",))
        found = self.found(vat_return_id)
        reason = clean_text(body.get("reason", ""), field="reason", max_length=_REASON)
        return self.answer(
            vat_return_unfile(vat_return_id=found.pk, reason=reason, actor=self.principal)
        )


class VatReturnPay(_VatView):
    """Payment of a return."""

    permissions = {"POST": "reports.vat_return.pay"}  # read only

    @extend_schema(operation_id="vat_returns_pay", request=VatPayInput, responses=VatReturnShape)
    @idempotent("vat_returns.pay")
    def post(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Pay the VAT due, or receive the credit claimed."""
        body = body_of(request.data, ("payment_account", "date"))
        found = self.found(vat_return_id)
        vat_return = vat_return_pay(
            vat_return_id=found.pk,
            payment_account_id=parse_uuid(body.get("payment_account"), field="payment_account"),
            date=parse_date(body.get("date"), field="date"),
            actor=self.principal,
        )
        return self.answer(vat_return)


class VatReturnUnpay(_VatView):
    """Payment taken back."""

    permissions = {"POST": "reports.vat_return.pay"}  # read only

    @extend_schema(
        operation_id="vat_returns_unpay", request=VatUnpayInput, responses=VatReturnShape
    )
    @idempotent("vat_returns.unpay")
    def post(self, request: Request, vat_return_id: uuid.UUID) -> Response:
        """Reverse the payment on a day; the return is filed again."""
        body = body_of(request.data, ("date",))
        found = self.found(vat_return_id)
        vat_return = vat_return_unpay(
            vat_return_id=found.pk,
            date=parse_date(body.get("date"), field="date"),
            actor=self.principal,
        )
        return self.answer(vat_return)


class ClosingItemShape(drf.Serializer[Any]):
    """A line of the closing checklist; 0 is good."""

    key = drf.CharField()
    label = drf.CharField()  # type: ignore[assignment]  # a field of the answer, not the base's
    count = drf.IntegerField()
    url = drf.CharField()


class PeriodChecklist(ApiView):
    """What to look at before a period is closed."""

    permissions = {"GET": "ledger.period.view"}  # read only

    @extend_schema(operation_id="periods_checklist", responses=ClosingItemShape(many=True))
    def get(self, request: Request, period_id: uuid.UUID) -> Response:
        """Return the closing checklist of a period."""
        query_of(request.query_params, (), is_list=False)
        period = Period.objects.filter(pk=period_id).first()
        if period is None:
            raise not_found()
        items = closing_checklist(
            period,
            base_currency=self.principal.currency,
            permissions=self.principal.permissions,
        )
        return Response(
            [
                {"key": one.key, "label": str(one.label), "count": one.count, "url": one.url}
                for one in items
            ]
        )
