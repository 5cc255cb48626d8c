"""Changing the chart of accounts."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of
from api.views import ApiView
from core.inputs import clean_text, parse_flag, parse_uuid
from ledger.api.books import AccountList as ReadAccounts
from ledger.api.books import account_shape
from ledger.api.serializers import AccountShape
from ledger.models import Account
from ledger.services.accounts import (
    account_create,
    account_delete,
    account_update,
    role_assign,
)

FIELDS = ("code", "name", "name_arabic", "kind", "parent", "is_monetary", "is_active")


class AccountInput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_arabic = serializers.CharField()
    kind = serializers.ChoiceField(Account.Kind.values)
    parent = serializers.UUIDField(required=False, allow_null=True)  # type: ignore[assignment]  # a field of ours, not the serializer's
    is_monetary = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class RoleInput(serializers.Serializer[Any]):
    role = serializers.CharField()


def _values(body: dict[str, Any], stored: Account | None = None) -> dict[str, Any]:
    def value(name: str) -> Any:
        return body[name] if name in body else getattr(stored, name, None)

    parent = body.get("parent", stored.parent_id if stored else None)
    return {
        "code": value("code"),
        "name": value("name"),
        "name_arabic": value("name_arabic"),
        "kind": value("kind"),
        "parent_id": parse_uuid(parent, field="parent") if parent else None,
        "is_monetary": parse_flag(
            body.get("is_monetary"), field="is_monetary", default=bool(value("is_monetary"))
        ),
        "is_active": parse_flag(
            body.get("is_active"),
            field="is_active",
            default=stored.is_active if stored else True,
        ),
    }


class AccountList(ReadAccounts):
    """The chart of accounts."""

    permissions = {"GET": "ledger.account.view", "POST": "ledger.account.edit"}  # read only

    @extend_schema(
        operation_id="accounts_create", request=AccountInput, responses={201: AccountShape}
    )
    @idempotent("accounts.create")
    def post(self, request: Request) -> Response:
        """Add an account."""
        body = body_of(request.data, FIELDS)
        account = account_create(values=_values(body), actor=self.principal)
        return Response(account_shape(account), status=status.HTTP_201_CREATED)


class AccountDetail(ApiView):
    """One account."""

    permissions = {
        "GET": "ledger.account.view",
        "PATCH": "ledger.account.edit",
        "DELETE": "ledger.account.edit",
    }  # read only

    @extend_schema(operation_id="accounts_retrieve", responses=AccountShape)
    def get(self, request: Request, account_id: uuid.UUID) -> Response:
        """Return one account."""
        return Response(account_shape(_get(account_id)))

    @extend_schema(operation_id="accounts_change", request=AccountInput, responses=AccountShape)
    def patch(self, request: Request, account_id: uuid.UUID) -> Response:
        """Change an account, or close it to new postings with `is_active`."""
        body = body_of(request.data, FIELDS)
        account = account_update(
            account_id=account_id, values=_values(body, _get(account_id)), actor=self.principal
        )
        return Response(account_shape(account))

    @extend_schema(operation_id="accounts_delete", responses={204: None})
    def delete(self, request: Request, account_id: uuid.UUID) -> Response:
        """Delete an account that was never used."""
        _get(account_id)
        account_delete(account_id=account_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AccountRole(ApiView):
    """The role of an account."""

    permissions = {"PUT": "ledger.account.edit"}  # read only

    @extend_schema(operation_id="accounts_role", request=RoleInput, responses=AccountShape)
    def put(self, request: Request, account_id: uuid.UUID) -> Response:
        """Give a role to this account; the account that carried it before loses it."""
        body = body_of(request.data, ("role",))
        account = role_assign(
            role=clean_text(body.get("role"), field="role", max_length=40),
            account_id=_get(account_id).pk,
            actor=self.principal,
        )
        return Response(account_shape(account))


def _get(account_id: uuid.UUID) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise not_found()
    return account
