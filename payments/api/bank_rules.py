"""Rules that propose postings for bank lines."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.views import ApiView
from core.inputs import clean_text, optional, parse_decimal, parse_flag, parse_integer, parse_uuid
from documents.typed import Collected
from payments.api import bank_shapes as shapes
from payments.models import MatchRule
from payments.services.bank_rules import TypedRule, rule_delete, rule_get, rule_save

_NOBODY = uuid.UUID(int=0)
RULE_FIELDS = (
    "name",
    "text",
    "account",
    "sign",
    "payment_account",
    "amount_from",
    "amount_to",
    "tax_code",
    "description",
    "position",
    "is_active",
    "version",
)


def typed_rule(body: dict[str, Any]) -> TypedRule:
    """Read a rule as typed. Raises ValidationErrors naming every wrong field."""
    note = Collected()

    def amount(name: str) -> Decimal | None:
        value = body.get(name)
        if value is None or value == "":
            return None
        return note.take(lambda: parse_decimal(value, field=name, minimum=Decimal(0)), None)

    def text(name: str, limit: int, shortest: int = 0) -> str:
        return note.take(
            lambda: clean_text(body.get(name), field=name, min_length=shortest, max_length=limit),
            "",
        )

    typed = TypedRule(
        name=text("name", 120, 1),
        text=text("text", 120, 1),
        account_id=note.take(lambda: parse_uuid(body.get("account"), field="account"), _NOBODY),
        sign=note.take(
            lambda: parse_choice(body.get("sign", "any"), MatchRule.Sign.values, field="sign"),
            "any",
        ),
        payment_account_id=note.take(
            lambda: optional(parse_uuid, body.get("payment_account"), field="payment_account"), None
        ),
        amount_from=amount("amount_from"),
        amount_to=amount("amount_to"),
        tax_code=text("tax_code", 12),
        description=text("description", 200),
        position=note.take(
            lambda: parse_integer(body.get("position", 100), field="position", maximum=100_000),
            100,
        ),
        is_active=note.take(
            lambda: parse_flag(body.get("is_active"), field="is_active", default=True), True
        ),
    )
    note.done()
    return typed


class BankRuleList(ApiView):
    """Rules of the company."""

    permissions = {"GET": "payments.bank.view", "POST": "payments.bank.rules"}  # read only

    @extend_schema(
        operation_id="bank_rules_list",
        parameters=[OpenApiParameter("page", int)],
        responses=page_of(shapes.BankRuleShape),
    )
    def get(self, request: Request) -> Response:
        """List rules in the order they are tried."""
        query = query_of(request.query_params, ())
        rows = MatchRule.objects.order_by("position", "name", "id")
        return paged_query(request, query, rows, shapes.rule_shape)

    @extend_schema(
        operation_id="bank_rules_create",
        request=shapes.BankRuleInput,
        responses={201: shapes.BankRuleShape},
    )
    @idempotent("bank_rules.create")
    def post(self, request: Request) -> Response:
        """Add a rule."""
        body = body_of(request.data, RULE_FIELDS)
        rule = rule_save(typed=typed_rule(body), actor=self.principal)
        return Response(shapes.rule_shape(rule), status=status.HTTP_201_CREATED)


class BankRuleDetail(ApiView):
    """One rule."""

    permissions = {  # read only
        "GET": "payments.bank.view",
        "PUT": "payments.bank.rules",
        "DELETE": "payments.bank.rules",
    }

    @extend_schema(operation_id="bank_rules_retrieve", responses=shapes.BankRuleShape)
    def get(self, request: Request, rule_id: uuid.UUID) -> Response:
        """Return a rule."""
        return Response(shapes.rule_shape(rule_get(rule_id)))

    @extend_schema(
        operation_id="bank_rules_update",
        request=shapes.BankRuleInput,
        responses=shapes.BankRuleShape,
    )
    def put(self, request: Request, rule_id: uuid.UUID) -> Response:
        """Change a rule; matches it made stay."""
        body = body_of(request.data, RULE_FIELDS)
        version = body.get("version")
        rule = rule_save(
            typed=typed_rule(body),
            rule_id=rule_id,
            version=None if version is None else parse_integer(version, field="version"),
            actor=self.principal,
        )
        return Response(shapes.rule_shape(rule))

    @extend_schema(operation_id="bank_rules_delete", responses={204: None})
    def delete(self, request: Request, rule_id: uuid.UUID) -> Response:
        """Delete a rule; one that made matches is put out of use."""
        rule_delete(rule_id=rule_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)
