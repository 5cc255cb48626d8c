"""Customers: list, create, read, change, deactivate (SP-3)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, ordering_of, parse_choice, query_of
from api.pagination import paged_query
from api.views import ApiView
from ar.api import serializers
from ar.api.inputs import version_of
from ar.api.shapes import customer_shape
from ar.models import Customer
from ar.models.customers import CreditControl
from ar.services.customers import FIELDS, customer_create, customer_update
from core.inputs import (
    clean_text,
    given,
    optional,
    parse_decimal,
    parse_flag,
    parse_integer,
    parse_uuid,
    parse_vat_number,
)
from core.text import search_key
from documents.typed import Collected

ORDERINGS = {
    name: (name, "id") if not name.startswith("-") else (name, "-id")
    for name in ("code", "-code", "name", "-name", "created_at", "-created_at")
}
_LENGTHS = {
    "code": 40,
    "name": 200,
    "name_arabic": 200,
    "cr_number": 20,
    "street": 200,
    "building_number": 10,
    "district": 120,
    "city": 120,
    "city_arabic": 120,
    "postal_code": 10,
    "country": 2,
    "phone": 30,
    "email": 254,
}
_MOST_TERMS = 3650
_MOST_FOUND = 1000


def _limit(value: Any) -> Decimal:
    return parse_decimal(value, field="credit_limit", places=2, minimum=Decimal(0))


#: Fields that are no plain text, and how each is read.
_READERS: dict[str, Callable[[Any], Any]] = {
    "vat_number": lambda value: parse_vat_number(value, field="vat_number"),
    "notes": lambda value: clean_text(value, field="notes", max_length=2000, multiline=True),
    "credit_control": lambda value: parse_choice(
        value, CreditControl.values, field="credit_control"
    ),
    "language": lambda value: parse_choice(given(value, "ar"), ("ar", "en"), field="language"),
    "reminders_stopped": lambda value: parse_flag(value, field="reminders_stopped"),
    "is_active": lambda value: parse_flag(value, field="is_active", default=True),
}
#: Fields that may say nothing.
_OPTIONAL: dict[str, Callable[[Any], Any]] = {
    "credit_limit": _limit,
    "payment_terms_days": lambda value: parse_integer(
        value, field="payment_terms_days", maximum=_MOST_TERMS
    ),
    "terms": lambda value: parse_uuid(value, field="terms"),
}


def _value(name: str, value: Any) -> Any:
    """Read one field. Raises DomainError at it."""
    if name in _OPTIONAL:
        return optional(_OPTIONAL[name], value)
    if name in _READERS:
        return _READERS[name](value)
    least = 1 if name == "name" else 0
    return clean_text(value, field=name, min_length=least, max_length=_LENGTHS[name])


def customer_values(body: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Read a customer as typed; `whole`: a name is needed. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    values = {
        name: note.take(lambda name=name: _value(name, body.get(name)), None)  # type: ignore[misc]
        for name in FIELDS
        if name in body or (whole and name == "name")
    }
    note.done()
    return values


class CustomerList(ApiView):
    """All customers of the company."""

    permissions = {"GET": "ar.customer.view", "POST": "ar.customer.edit"}  # read only

    @extend_schema(
        operation_id="customers_list",
        parameters=[
            OpenApiParameter("search", str),
            OpenApiParameter("is_active", bool),
            OpenApiParameter("ordering", enum=list(ORDERINGS)),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=serializers.page_of(serializers.CustomerShape),
    )
    def get(self, request: Request) -> Response:
        """List customers by code; `search` looks in code, names, VAT number and phone."""
        query = query_of(request.query_params, ("is_active",))
        rows = Customer.objects.order_by(*ordering_of(query, ORDERINGS, ("code", "id")))
        if "is_active" in query:
            rows = rows.filter(is_active=parse_flag(query["is_active"], field="is_active"))
        if query.get("search"):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT customer_id FROM ar_search_customers(%s, %s)",
                    [search_key(query["search"]), _MOST_FOUND],
                )
                rows = rows.filter(pk__in=[row[0] for row in cursor.fetchall()])
        return paged_query(request, query, rows, customer_shape)

    @extend_schema(
        operation_id="customers_create",
        request=serializers.CustomerInput,
        responses={201: serializers.CustomerShape},
    )
    @idempotent("customers.create")
    def post(self, request: Request) -> Response:
        """Create a customer."""
        body = body_of(request.data, FIELDS)
        customer = customer_create(values=customer_values(body, whole=True), actor=self.principal)
        return Response(customer_shape(customer), status=status.HTTP_201_CREATED)


class CustomerDetail(ApiView):
    """One customer."""

    permissions = {  # read only
        "GET": "ar.customer.view",
        "PUT": "ar.customer.edit",
        "PATCH": "ar.customer.edit",
        "DELETE": "ar.customer.edit",
    }

    @extend_schema(operation_id="customers_retrieve", responses=serializers.CustomerShape)
    def get(self, request: Request, customer_id: uuid.UUID) -> Response:
        """Return one customer."""
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None:
            raise not_found()
        return Response(customer_shape(customer))

    @extend_schema(
        operation_id="customers_replace",
        request=serializers.CustomerInput,
        responses=serializers.CustomerShape,
    )
    def put(self, request: Request, customer_id: uuid.UUID) -> Response:
        """Change a customer; fields left out stay as they are."""
        return self._change(request, customer_id, whole=True)

    @extend_schema(
        operation_id="customers_change",
        request=serializers.CustomerInput,
        responses=serializers.CustomerShape,
    )
    def patch(self, request: Request, customer_id: uuid.UUID) -> Response:
        """Change single fields; 409 with both values when it was changed since `version`."""
        return self._change(request, customer_id, whole=False)

    @extend_schema(operation_id="customers_deactivate", responses={204: None})
    def delete(self, request: Request, customer_id: uuid.UUID) -> Response:
        """Deactivate: the customer stays in history and leaves the pickers."""
        self._require(customer_id)
        customer_update(
            customer_id=customer_id,
            values={"is_active": False},
            version=None,
            actor=self.principal,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _change(self, request: Request, customer_id: uuid.UUID, *, whole: bool) -> Response:
        body = body_of(request.data, (*FIELDS, "version"))
        values = customer_values(body, whole=whole)
        self._require(customer_id)
        customer = customer_update(
            customer_id=customer_id,
            values=values,
            version=version_of(body),
            actor=self.principal,
        )
        return Response(customer_shape(customer))

    @staticmethod
    def _require(customer_id: uuid.UUID) -> None:
        if not Customer.objects.filter(pk=customer_id).exists():
            raise not_found()
