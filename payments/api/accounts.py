"""Payment accounts: list, create, change, deactivate."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.views import ApiView
from ar.api.inputs import version_of
from ar.typed import parse_currency
from core.inputs import clean_text, parse_flag, parse_uuid
from documents.typed import Collected
from payments.api import serializers
from payments.api.shapes import account_shape
from payments.models import PaymentAccount
from payments.services.accounts import payment_account_create, payment_account_update

FIELDS = (
    "code",
    "name",
    "name_arabic",
    "kind",
    "account",
    "currency",
    "bank_name",
    "iban",
    "account_number",
    "is_active",
)
_LENGTHS = {
    "code": 20,
    "name": 120,
    "name_arabic": 120,
    "bank_name": 120,
    "iban": 34,
    "account_number": 40,
}
_NEEDED = ("code", "name", "kind", "account")


def _value(name: str, value: Any) -> Any:
    if name == "kind":
        return parse_choice(value, PaymentAccount.Kind.values, field=name)
    if name == "account":
        return parse_uuid(value, field=name)
    if name == "currency":
        return parse_currency(value, name=name, default="SAR")
    if name == "is_active":
        return parse_flag(value, field=name, default=True)
    text = clean_text(value, field=name, min_length=int(name in _NEEDED), max_length=_LENGTHS[name])
    return text.replace(" ", "").upper() if name == "iban" else text


def account_values(body: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Read a payment account; `whole`: what it cannot be without is needed. Raises ValidationErrors."""
    note = Collected()
    values = {
        ("account_id" if name == "account" else name): note.take(
            lambda name=name: _value(name, body.get(name)),  # type: ignore[misc]
            None,
        )
        for name in FIELDS
        if name in body or (whole and name in _NEEDED)
    }
    note.done()
    return values


class PaymentAccountList(ApiView):
    """Tills, bank accounts and card clearing."""

    permissions = {"GET": "payments.account.view", "POST": "payments.account.edit"}  # read only

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

    @extend_schema(
        operation_id="payment_accounts_create",
        request=serializers.PaymentAccountInput,
        responses={201: serializers.PaymentAccountShape},
    )
    @idempotent("payment-accounts.create")
    def post(self, request: Request) -> Response:
        """Create a payment account on a ledger account."""
        body = body_of(request.data, FIELDS)
        account = payment_account_create(
            values=account_values(body, whole=True), actor=self.principal
        )
        return Response(account_shape(account), status=status.HTTP_201_CREATED)


class PaymentAccountDetail(ApiView):
    """One payment account."""

    permissions = {  # read only
        "GET": "payments.account.view",
        "PATCH": "payments.account.edit",
        "DELETE": "payments.account.edit",
    }

    @extend_schema(
        operation_id="payment_accounts_retrieve", responses=serializers.PaymentAccountShape
    )
    def get(self, request: Request, account_id: uuid.UUID) -> Response:
        """Return one payment account."""
        return Response(account_shape(self._account(account_id)))

    @extend_schema(
        operation_id="payment_accounts_change",
        request=serializers.PaymentAccountChange,
        responses=serializers.PaymentAccountShape,
    )
    def patch(self, request: Request, account_id: uuid.UUID) -> Response:
        """Change single fields; ledger account and currency are fixed once money was booked."""
        body = body_of(request.data, (*FIELDS, "version"))
        self._account(account_id)
        account = payment_account_update(
            account_id=account_id,
            values=account_values(body, whole=False),
            version=version_of(body),
            actor=self.principal,
        )
        return Response(account_shape(account))

    @extend_schema(operation_id="payment_accounts_deactivate", responses={204: None})
    def delete(self, request: Request, account_id: uuid.UUID) -> Response:
        """Deactivate: the account stays in history and takes no more payments."""
        self._account(account_id)
        payment_account_update(
            account_id=account_id, values={"is_active": False}, version=None, actor=self.principal
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @staticmethod
    def _account(account_id: uuid.UUID) -> PaymentAccount:
        account: PaymentAccount | None = PaymentAccount.objects.filter(pk=account_id).first()
        if account is None:
            raise not_found()
        return account
