"""Payments: register, list, allocate, take back, void, propose (SP-5)."""

from __future__ import annotations

import uuid
from decimal import Decimal

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, ordering_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, money
from api.views import ApiView
from ar.api.inputs import today_of
from ar.typed import parse_currency
from core.errors import N_, DomainError
from core.inputs import clean_text, optional, parse_date, parse_decimal, parse_uuid
from payments.api import serializers
from payments.api.inputs import PAYMENT_FIELDS, parse_allocations, strategy_of, typed_payment
from payments.api.shapes import payment_shape, registered_payment, whole_payment
from payments.models import Allocation, Payment
from payments.selectors.open_items import proposal_of
from payments.services.allocating import payment_allocate
from payments.services.registering import payment_settle_new
from payments.services.reversing import REASON_LENGTH, allocation_undo, payment_void
from payments.strategies import STRATEGIES

ORDERINGS = {
    "date": ("date", "id"),
    "-date": ("-date", "-id"),
    "number": ("number", "id"),
    "-number": ("-number", "-id"),
    "amount": ("amount", "id"),
    "-amount": ("-amount", "-id"),
}


class PaymentList(ApiView):
    """All payments of the company."""

    permissions = {"GET": "payments.payment.view", "POST": "payments.payment.create"}  # read only
    by_key = True

    @extend_schema(
        operation_id="payments_list",
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.UUID),
            OpenApiParameter("supplier", OpenApiTypes.UUID),
            OpenApiParameter("direction", enum=["in", "out"]),
            OpenApiParameter("status", enum=["posted", "void"]),
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            OpenApiParameter("search", str, description="The beginning of a number."),
            OpenApiParameter("ordering", enum=list(ORDERINGS)),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(serializers.PaymentShape),
    )
    def get(self, request: Request) -> Response:
        """List payments, newest first."""
        query = query_of(
            request.query_params,
            ("customer", "supplier", "direction", "status", "date_from", "date_to"),
        )
        rows = Payment.objects.order_by(*ordering_of(query, ORDERINGS, ("-date", "-id")))
        for party in ("customer", "supplier"):
            if party in query:
                rows = rows.filter(**{f"{party}_id": parse_uuid(query[party], field=party)})
        if "direction" in query:
            rows = rows.filter(
                direction=parse_choice(query["direction"], ("in", "out"), field="direction")
            )
        if "status" in query:
            rows = rows.filter(
                status=parse_choice(query["status"], Payment.Status.values, field="status")
            )
        if "date_from" in query:
            rows = rows.filter(date__gte=parse_date(query["date_from"], field="date_from"))
        if "date_to" in query:
            rows = rows.filter(date__lte=parse_date(query["date_to"], field="date_to"))
        if query.get("search"):
            rows = rows.filter(number__startswith=query["search"])
        return paged_query(request, query, rows, payment_shape)

    @extend_schema(
        operation_id="payments_create",
        request=serializers.PaymentInput,
        responses={201: serializers.PaymentShape},
    )
    @idempotent("payments.create", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Register money and settle documents with it; the rest stays on account.

        From a customer, or to a supplier; the other way round (`direction`) it is a refund, whose allocations name the
        credits it pays back.
        """
        body = body_of(request.data, PAYMENT_FIELDS)
        registered = payment_settle_new(
            typed=typed_payment(body, self.principal), actor=self.principal
        )
        return Response(registered_payment(registered), status=status.HTTP_201_CREATED)


class PaymentDetail(ApiView):
    """One payment."""

    permissions = {"GET": "payments.payment.view"}  # read only

    @extend_schema(operation_id="payments_retrieve", responses=serializers.PaymentShape)
    def get(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Return a payment with what it settled."""
        payment = Payment.objects.filter(pk=payment_id).first()
        if payment is None:
            raise not_found()
        return Response(whole_payment(payment))


class PaymentAllocate(ApiView):
    """Using what is left of a payment."""

    permissions = {"POST": "payments.payment.create"}  # read only
    by_key = True

    @extend_schema(
        operation_id="payments_allocate",
        request=serializers.AllocateInput,
        responses=serializers.PaymentShape,
    )
    @idempotent("payments.allocate", keep=KEEP_MONEY)
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Use the rest of a payment on open documents; `date`: not before the later of the two."""
        body = body_of(request.data, ("strategy", "allocations", "date"))
        payment = payment_allocate(
            payment_id=payment_id,
            strategy=strategy_of(body),
            allocations=parse_allocations(body.get("allocations")),
            date=optional(parse_date, body.get("date"), field="date"),
            actor=self.principal,
        )
        return Response(whole_payment(payment))


class PaymentUnallocate(ApiView):
    """Taking back one allocation of a payment."""

    permissions = {"POST": "payments.allocation.undo"}  # read only
    by_key = True

    @extend_schema(
        operation_id="payments_unallocate",
        request=serializers.UnallocateInput,
        responses=serializers.PaymentShape,
    )
    @idempotent("payments.unallocate", keep=KEEP_MONEY)
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Undo one allocation: the document is open again, the money is back on account."""
        body = body_of(request.data, ("allocation", "date"))
        key = parse_uuid(body.get("allocation"), field="allocation")
        payment = Payment.objects.filter(pk=payment_id).first()
        if payment is None:
            raise not_found()
        if not (
            Allocation.objects.filter(pk=key, payment_id=payment_id).exists()
            or Allocation.objects.filter(pk=key, refund_id=payment_id).exists()
        ):
            raise DomainError(
                N_("This is no allocation of the payment."),
                code="unknown_allocation",
                field="allocation",
            )
        allocation_undo(
            allocation_id=key,
            date=optional(parse_date, body.get("date"), field="date"),
            actor=self.principal,
        )
        payment.refresh_from_db()
        return Response(whole_payment(payment))


class PaymentVoid(ApiView):
    """Reversing a payment."""

    permissions = {"POST": "payments.payment.void"}  # read only
    by_key = True

    @extend_schema(
        operation_id="payments_void",
        request=serializers.VoidInput,
        responses=serializers.PaymentShape,
    )
    @idempotent("payments.void", keep=KEEP_MONEY)
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Reverse a payment: its allocations are undone, its documents open again."""
        body = body_of(request.data, ("date", "reason"))
        payment = payment_void(
            payment_id=payment_id,
            date=optional(parse_date, body.get("date"), field="date"),
            reason=clean_text(body.get("reason"), field="reason", max_length=REASON_LENGTH),
            actor=self.principal,
        )
        return Response(whole_payment(payment))


class PaymentProposal(ApiView):
    """What a strategy would do."""

    permissions = {"GET": "payments.payment.view"}  # read only

    @extend_schema(
        operation_id="payments_proposal",
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.UUID),
            OpenApiParameter("supplier", OpenApiTypes.UUID),
            OpenApiParameter("amount", str, required=True),
            OpenApiParameter("strategy", enum=list(serializers.STRATEGIES)),
            OpenApiParameter("currency", str),
            OpenApiParameter("date", OpenApiTypes.DATE),
        ],
        responses=serializers.ProposalAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return the open documents of a customer or supplier with the proposed amounts; stores nothing."""
        query = query_of(
            request.query_params,
            ("customer", "supplier", "amount", "strategy", "currency", "date"),
            is_list=False,
        )
        party = "supplier" if "supplier" in query and "customer" not in query else "customer"
        party_id = parse_uuid(query.get(party), field=party)
        amount = parse_decimal(query.get("amount"), field="amount", minimum=Decimal(0))
        strategy = parse_choice(query.get("strategy", "fifo"), STRATEGIES, field="strategy")
        currency = parse_currency(
            query.get("currency"), name="currency", default=self.principal.currency
        )
        date = query.get("date")
        rows = proposal_of(
            party=party,
            party_id=party_id,
            currency=currency,
            amount=amount,
            strategy=strategy,
            date=parse_date(date, field="date") if date else today_of(self.principal),
        )
        used = sum((part for _, part in rows), Decimal(0))
        return Response(
            {
                party: str(party_id),
                "currency": currency,
                "amount": money(amount, currency),
                "strategy": strategy,
                "rows": [
                    {
                        item.kind: str(item.id),
                        "number": item.number,
                        "issue_date": day(item.issue_date),
                        "due_date": day(item.due_date),
                        "open_amount": money(item.open_amount, currency),
                        "proposed_amount": money(part, currency),
                    }
                    for item, part in rows
                ],
                "left_on_account": money(amount - used, currency),
            }
        )
