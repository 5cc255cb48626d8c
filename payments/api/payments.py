"""Payments: register, list, allocate, void, propose (SP-5)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import (
    body_of,
    ordering_of,
    parse_choice,
    parse_flag,
    query_of,
    rows_of,
)
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, moment, money, plain
from api.views import ApiView
from ar.api.inputs import today_of
from ar.typed import parse_currency
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal, parse_uuid
from documents.typed import Collected
from payments.api import serializers
from payments.models import Allocation, Payment, PaymentAccount
from payments.services.receipts import (
    TypedPayment,
    payment_allocate,
    payment_register,
    payment_void,
    proposal_for,
)
from payments.strategies import STRATEGIES
from tenancy.principal import Principal

FIELDS = (
    "customer",
    "payment_account",
    "amount",
    "date",
    "strategy",
    "allocations",
    "currency",
    "exchange_rate",
    "reference",
    "notes",
)
ORDERINGS = {
    "date": ("date", "id"),
    "-date": ("-date", "-id"),
    "number": ("number", "id"),
    "-number": ("-number", "-id"),
    "amount": ("amount", "id"),
    "-amount": ("-amount", "-id"),
}
_MOST_ALLOCATIONS = 1000


def payment_shape(payment: Payment) -> dict[str, Any]:
    """Return a payment without its allocations."""
    currency = payment.currency
    return {
        "id": str(payment.pk),
        "number": payment.number,
        "status": payment.status,
        "version": payment.version,
        "direction": payment.direction,
        "customer": str(payment.customer_id),
        "payment_account": str(payment.payment_account_id),
        "date": day(payment.date),
        "currency": currency,
        "exchange_rate": plain(payment.exchange_rate),
        "amount": money(payment.amount, currency),
        "allocated_amount": money(payment.allocated_amount, currency),
        "open_amount": money(payment.amount - payment.allocated_amount, currency),
        "reference": payment.reference,
        "notes": payment.notes,
        "created_at": moment(payment.created_at),
        "created_by": payment.created_by_id,
    }


def allocation_shape(row: Allocation) -> dict[str, Any]:
    """Return an allocation; its invoice is loaded."""
    return {
        "id": str(row.pk),
        "payment": str(row.payment_id) if row.payment_id else None,
        "credit_note": str(row.credit_note_id) if row.credit_note_id else None,
        "invoice": str(row.invoice_id) if row.invoice_id else None,
        "invoice_number": row.invoice.number if row.invoice else "",
        "amount": money(row.amount, row.currency),
        "date": day(row.date),
        "undoes": str(row.undoes_id) if row.undoes_id else None,
    }


def whole_payment(payment: Payment) -> dict[str, Any]:
    """Return a payment with its allocations: one statement."""
    rows = (
        Allocation.objects.filter(payment_id=payment.pk)
        .select_related("invoice")
        .order_by("created_at", "id")
    )
    return payment_shape(payment) | {"allocations": [allocation_shape(row) for row in rows]}


def parse_allocations(value: Any) -> tuple[tuple[uuid.UUID, Decimal], ...]:
    """Read `[{invoice, amount}]`. Raises ValidationErrors naming every wrong field."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST_ALLOCATIONS:
        raise DomainError(
            N_("The allocations are a list of at most 1,000."), code="invalid", field="allocations"
        )
    rows_of({"allocations": value}, "allocations", ("invoice", "amount"))
    note = Collected()
    pairs = []
    for index, row in enumerate(value):
        at = f"allocations.{index}"
        if not isinstance(row, dict):
            note.errors.append(
                DomainError(N_("An allocation is an object."), code="invalid", field=at)
            )
            continue
        key = note.take(
            lambda row=row, at=at: parse_uuid(row.get("invoice"), field=f"{at}.invoice"),  # type: ignore[misc]
            uuid.UUID(int=0),
        )
        part = note.take(
            lambda row=row, at=at: parse_decimal(  # type: ignore[misc]
                row.get("amount"), field=f"{at}.amount", above=Decimal(0)
            ),
            Decimal(0),
        )
        pairs.append((key, part))
    note.done()
    return tuple(pairs)


def _strategy(body: dict[str, Any]) -> str:
    default = "manual" if body.get("allocations") else "fifo"
    return parse_choice(body.get("strategy") or default, STRATEGIES, field="strategy")


def typed_payment(body: dict[str, Any], actor: Principal) -> TypedPayment:
    """Read a payment as typed. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    nobody = uuid.UUID(int=0)
    rate = body.get("exchange_rate")
    currency = body.get("currency")
    typed = TypedPayment(
        customer_id=note.take(lambda: parse_uuid(body.get("customer"), field="customer"), nobody),
        payment_account_id=note.take(
            lambda: parse_uuid(body.get("payment_account"), field="payment_account"), nobody
        ),
        amount=note.take(
            lambda: parse_decimal(body.get("amount"), field="amount", above=Decimal(0)), Decimal(0)
        ),
        date=note.take(
            lambda: parse_date(body["date"], field="date") if body.get("date") else today_of(actor),
            today_of(actor),
        ),
        strategy=note.take(lambda: _strategy(body), "fifo"),
        allocations=note.take(lambda: parse_allocations(body.get("allocations")), ()),
        currency=note.take(lambda: parse_currency(currency, name="currency", default="SAR"), "")
        if currency
        else "",
        exchange_rate=note.take(
            lambda: parse_decimal(rate, field="exchange_rate", places=8, above=Decimal(0)), None
        )
        if rate
        else None,
        reference=note.take(
            lambda: clean_text(body.get("reference"), field="reference", max_length=120), ""
        ),
        notes=note.take(
            lambda: clean_text(body.get("notes"), field="notes", max_length=2000, multiline=True),
            "",
        ),
    )
    note.done()
    return typed


class PaymentList(ApiView):
    """All payments of the company."""

    permissions = {"GET": "payments.payment.view", "POST": "payments.payment.create"}  # read only

    @extend_schema(
        operation_id="payments_list",
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.UUID),
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
        query = query_of(request.query_params, ("customer", "status", "date_from", "date_to"))
        rows = Payment.objects.order_by(*ordering_of(query, ORDERINGS, ("-date", "-id")))
        if "customer" in query:
            rows = rows.filter(customer_id=parse_uuid(query["customer"], field="customer"))
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
        """Register money received and settle invoices with it; the rest stays as credit on account."""
        body = body_of(request.data, FIELDS)
        payment = payment_register(typed=typed_payment(body, self.principal), actor=self.principal)
        return Response(whole_payment(payment), status=status.HTTP_201_CREATED)


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

    @extend_schema(
        operation_id="payments_allocate",
        request=serializers.AllocateInput,
        responses=serializers.PaymentShape,
    )
    @idempotent("payments.allocate", keep=KEEP_MONEY)
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Use the rest of a payment on open invoices."""
        body = body_of(request.data or {}, ("strategy", "allocations"))
        payment = payment_allocate(
            payment_id=payment_id,
            strategy=_strategy(body),
            allocations=parse_allocations(body.get("allocations")),
            actor=self.principal,
        )
        return Response(whole_payment(payment))


class PaymentVoid(ApiView):
    """Undoing a payment."""

    permissions = {"POST": "payments.payment.void"}  # read only

    @extend_schema(
        operation_id="payments_void",
        request=serializers.VoidInput,
        responses=serializers.PaymentShape,
    )
    @idempotent("payments.void", keep=KEEP_MONEY)
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        """Reverse a payment: its allocations are undone, its invoices open again."""
        body = body_of(request.data or {}, ("date",))
        payment = payment_void(
            payment_id=payment_id,
            date=parse_date(body["date"], field="date") if body.get("date") else None,
            actor=self.principal,
        )
        return Response(whole_payment(payment))


class PaymentProposal(ApiView):
    """What a strategy would do."""

    permissions = {"GET": "payments.payment.view"}  # read only

    @extend_schema(
        operation_id="payments_proposal",
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.UUID, required=True),
            OpenApiParameter("amount", str, required=True),
            OpenApiParameter("strategy", enum=list(serializers.STRATEGIES)),
            OpenApiParameter("currency", str),
            OpenApiParameter("date", OpenApiTypes.DATE),
        ],
        responses=serializers.ProposalAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return a customer's open invoices with the proposed amounts; stores nothing."""
        query = query_of(
            request.query_params,
            ("customer", "amount", "strategy", "currency", "date"),
            is_list=False,
        )
        customer_id = parse_uuid(query.get("customer"), field="customer")
        amount = parse_decimal(query.get("amount"), field="amount", minimum=Decimal(0))
        strategy = parse_choice(query.get("strategy", "fifo"), STRATEGIES, field="strategy")
        currency = parse_currency(
            query.get("currency"), name="currency", default=self.principal.currency
        )
        date = query.get("date")
        rows = proposal_for(
            customer_id=customer_id,
            currency=currency,
            amount=amount,
            strategy=strategy,
            date=parse_date(date, field="date") if date else today_of(self.principal),
        )
        used = sum((part for _, part in rows), Decimal(0))
        return Response(
            {
                "customer": str(customer_id),
                "currency": currency,
                "amount": money(amount, currency),
                "strategy": strategy,
                "rows": [
                    {
                        "invoice": str(item.id),
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


def account_shape(account: PaymentAccount) -> dict[str, Any]:
    """Return a payment account."""
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "kind": account.kind,
        "currency": account.currency,
        "account": str(account.account_id),
        "is_active": account.is_active,
    }


class PaymentAccountList(ApiView):
    """Tills and bank accounts."""

    permissions = {"GET": "payments.account.view"}  # read only

    @extend_schema(
        operation_id="payment_accounts_list",
        parameters=[OpenApiParameter("is_active", bool), OpenApiParameter("page", int)],
        responses=page_of(serializers.PaymentAccountShape),
    )
    def get(self, request: Request) -> Response:
        """List payment accounts by code."""
        query = query_of(request.query_params, ("is_active",))
        rows = PaymentAccount.objects.order_by("code", "id")
        if "is_active" in query:
            rows = rows.filter(is_active=parse_flag(query["is_active"], field="is_active"))
        return paged_query(request, query, rows, account_shape)


def allocations_of_invoices(invoice_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Return what settled invoices. One statement."""
    rows = (
        Allocation.objects.filter(invoice_id__in=invoice_ids)
        .select_related("invoice")
        .order_by("created_at", "id")
    )
    return [allocation_shape(row) for row in rows]
