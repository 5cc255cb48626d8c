"""Suppliers: list, create, read, change, deactivate (SP-3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ap.api import serializers
from ap.api.shapes import supplier_shape
from ap.models import Supplier
from ap.selectors.editing import suppliers_with
from ap.services.suppliers import FIELDS, supplier_create, supplier_deactivate, supplier_update
from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, ordering_of, query_of
from api.pagination import paged_query
from api.views import ApiView
from core.inputs import clean_text, parse_decimal, parse_flag, parse_integer, parse_uuid
from core.text import search_key
from documents.api.inputs import version_of
from documents.typed import Collected

#: Field of the API -> column, where they differ.
_COLUMNS = {"account": "account_id"}
INPUT_FIELDS = tuple("account" if name == "account_id" else name for name in FIELDS)
ORDERINGS = {
    name: (name, "id") if not name.startswith("-") else (name, "-id")
    for name in ("code", "-code", "name", "-name", "created_at", "-created_at")
}
_LENGTHS = {
    "code": 40,
    "name": 200,
    "name_arabic": 200,
    "vat_number": 20,
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
    "language": 2,
    "currency": 3,
    "tax_code": 12,
    "bank_name": 120,
    "iban": 50,
    "bank_account": 40,
    "swift": 20,
}
_MOST_TERMS = 3650
_MOST_FOUND = 1000


def _value(name: str, value: Any) -> Any:
    """Read one field. Raises DomainError at it."""
    nothing = value is None or value == ""
    if name == "account":
        return None if nothing else parse_uuid(value, field=name)
    if name == "notes":
        return clean_text(value, field=name, max_length=2000, multiline=True)
    if name == "withholding_percent":
        if nothing:
            return None
        return parse_decimal(value, field=name, places=4, minimum=Decimal(0))
    if name == "payment_terms_days":
        return None if nothing else parse_integer(value, field=name, maximum=_MOST_TERMS)
    if name == "is_active":
        return parse_flag(value, field=name, default=True)
    least = 1 if name == "name" else 0
    return clean_text(value, field=name, min_length=least, max_length=_LENGTHS[name])


def supplier_values(body: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Read a supplier as typed; `whole`: a name is needed. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    values = {
        _COLUMNS.get(name, name): note.take(lambda name=name: _value(name, body.get(name)), None)  # type: ignore[misc]
        for name in INPUT_FIELDS
        if name in body or (whole and name == "name")
    }
    note.done()
    return values


class SupplierList(ApiView):
    """All suppliers of the company."""

    permissions = {"GET": "ap.supplier.view", "POST": "ap.supplier.edit"}  # read only

    @extend_schema(
        operation_id="suppliers_list",
        parameters=[
            OpenApiParameter("search", str),
            OpenApiParameter("is_active", bool),
            OpenApiParameter("ordering", enum=list(ORDERINGS)),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=serializers.page_of(serializers.SupplierShape),
    )
    def get(self, request: Request) -> Response:
        """List suppliers by code; `search` looks in code, names, VAT number and phone."""
        query = query_of(request.query_params, ("is_active",))
        rows = Supplier.objects.order_by(*ordering_of(query, ORDERINGS, ("code", "id")))
        if "is_active" in query:
            rows = rows.filter(is_active=parse_flag(query["is_active"], field="is_active"))
        if query.get("search"):
            rows = rows.filter(pk__in=suppliers_with(search_key(query["search"]), _MOST_FOUND))
        return paged_query(request, query, rows, supplier_shape)

    @extend_schema(
        operation_id="suppliers_create",
        request=serializers.SupplierInput,
        responses={201: serializers.SupplierShape},
    )
    @idempotent("suppliers.create")
    def post(self, request: Request) -> Response:
        """Create a supplier."""
        body = body_of(request.data, INPUT_FIELDS)
        supplier = supplier_create(values=supplier_values(body, whole=True), actor=self.principal)
        return Response(supplier_shape(supplier), status=status.HTTP_201_CREATED)


class SupplierDetail(ApiView):
    """One supplier."""

    permissions = {  # read only
        "GET": "ap.supplier.view",
        "PUT": "ap.supplier.edit",
        "PATCH": "ap.supplier.edit",
        "DELETE": "ap.supplier.edit",
    }

    @extend_schema(operation_id="suppliers_retrieve", responses=serializers.SupplierShape)
    def get(self, request: Request, supplier_id: uuid.UUID) -> Response:
        """Return one supplier."""
        supplier = Supplier.objects.filter(pk=supplier_id).first()
        if supplier is None:
            raise not_found()
        return Response(supplier_shape(supplier))

    @extend_schema(
        operation_id="suppliers_replace",
        request=serializers.SupplierInput,
        responses=serializers.SupplierShape,
    )
    def put(self, request: Request, supplier_id: uuid.UUID) -> Response:
        """Change a supplier; fields left out stay as they are."""
        return self._change(request, supplier_id, whole=True)

    @extend_schema(
        operation_id="suppliers_change",
        request=serializers.SupplierInput,
        responses=serializers.SupplierShape,
    )
    def patch(self, request: Request, supplier_id: uuid.UUID) -> Response:
        """Change single fields; 409 with both values when it was changed since `version`."""
        return self._change(request, supplier_id, whole=False)

    @extend_schema(operation_id="suppliers_deactivate", responses={204: None})
    def delete(self, request: Request, supplier_id: uuid.UUID) -> Response:
        """Deactivate: the supplier stays in history and leaves the pickers."""
        self._require(supplier_id)
        supplier_deactivate(supplier_id=supplier_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _change(self, request: Request, supplier_id: uuid.UUID, *, whole: bool) -> Response:
        body = body_of(request.data, (*INPUT_FIELDS, "version"))
        values = supplier_values(body, whole=whole)
        self._require(supplier_id)
        supplier = supplier_update(
            supplier_id=supplier_id,
            values=values,
            version=version_of(body),
            actor=self.principal,
        )
        return Response(supplier_shape(supplier))

    @staticmethod
    def _require(supplier_id: uuid.UUID) -> None:
        if not Supplier.objects.filter(pk=supplier_id).exists():
            raise not_found()
