"""Items: list, create, read, change, deactivate, search as you type (PS-5, PS-16)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
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
from api.serializers import page_of
from api.shapes import money, plain
from api.views import ApiView
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_decimal, parse_flag, parse_integer, parse_uuid
from core.text import search_key
from documents.typed import Collected, tax_of
from inventory.api import serializers
from inventory.models import Item
from inventory.models.items import ItemCategory
from inventory.services.items import item_create, item_search, item_update
from inventory.services.lines import tax_table

FIELDS = frozenset(
    {
        "code",
        "barcode",
        "name",
        "name_arabic",
        "category",
        "kind",
        "unit",
        "price",
        "vat_rate",
        "tax_category",
        "tax_code",
        "is_controlled_drug",
        "is_active",
    }
)
ORDERINGS = {
    name: (name, "id") if not name.startswith("-") else (name, "-id")
    for name in ("code", "-code", "name", "-name", "price", "-price")
}
_TEXTS = {"code": 60, "barcode": 60, "name": 300, "name_arabic": 300, "unit": 20, "tax_code": 12}
_NEEDED = ("code", "name")
_MOST_FOUND = 100


def item_shape(item: Item, currency: str) -> dict[str, Any]:
    """Return one item."""
    return {
        "id": str(item.pk),
        "version": item.version,
        "code": item.code,
        "barcode": item.barcode,
        "name": item.name,
        "name_arabic": item.name_arabic,
        "category": str(item.category_id) if item.category_id else None,
        "kind": item.kind,
        "unit": item.unit,
        "price": money(item.price, currency),
        "vat_rate": plain(item.tax_rate),
        "tax_category": item.tax_category,
        "tax_code": item.tax_code,
        "is_controlled_drug": item.is_controlled_drug,
        "is_active": item.is_active,
    }


def item_values(body: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Read an item as typed; `whole`: code and name are needed. Raises ValidationErrors naming every wrong field."""
    note = Collected()
    values: dict[str, Any] = {}
    for name, longest in _TEXTS.items():
        if name in body or (whole and name in _NEEDED):
            least = 1 if name in _NEEDED else 0
            values[name] = note.take(
                lambda name=name, least=least, longest=longest: clean_text(  # type: ignore[misc]
                    body.get(name), field=name, min_length=least, max_length=longest
                ),
                "",
            )
    if "price" in body:
        values["price"] = note.take(
            lambda: parse_decimal(body["price"], field="price", places=6, minimum=Decimal(0)),
            Decimal(0),
        )
    if "kind" in body:
        values["kind"] = note.take(
            lambda: parse_choice(body["kind"], Item.Kind.values, field="kind"), "goods"
        )
    if "vat_rate" in body or "tax_category" in body:
        category, rate = note.take(lambda: tax_of(body, ""), ("S", Decimal(15)))
        values["tax_category"], values["tax_rate"] = category, rate
        if not values.get("tax_code"):
            values["tax_code"] = tax_table()[1].get((category, rate), "")
    for name in ("is_controlled_drug", "is_active"):
        if name in body:
            values[name] = note.take(
                lambda name=name: parse_flag(body[name], field=name),  # type: ignore[misc]
                False,
            )
    if "category" in body:
        values["category_id"] = note.take(lambda: _category(body["category"]), None)
    note.done()
    return values


def _category(value: Any) -> uuid.UUID | None:
    if value is None or value == "":
        return None
    key = parse_uuid(value, field="category")
    if not ItemCategory.objects.filter(pk=key).exists():
        raise DomainError(
            N_("There is no such item category."), code="unknown_category", field="category"
        )
    return key


class ItemList(ApiView):
    """All items of the company."""

    permissions = {"GET": "inventory.item.view", "POST": "inventory.item.edit"}  # read only

    @extend_schema(
        operation_id="items_list",
        parameters=[
            OpenApiParameter("search", str),
            OpenApiParameter("is_active", bool),
            OpenApiParameter("ordering", enum=list(ORDERINGS)),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(serializers.ItemShape),
    )
    def get(self, request: Request) -> Response:
        """List items by code; `search` looks in code, barcode and names of active items."""
        query = query_of(request.query_params, ("is_active",))
        rows = Item.objects.order_by(*ordering_of(query, ORDERINGS, ("code", "id")))
        if "is_active" in query:
            rows = rows.filter(is_active=parse_flag(query["is_active"], field="is_active"))
        if query.get("search"):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT item_id FROM inventory_search_items(%s, %s)",
                    [search_key(query["search"]), _MOST_FOUND],
                )
                rows = rows.filter(pk__in=[row[0] for row in cursor.fetchall()])
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda item: item_shape(item, currency))

    @extend_schema(
        operation_id="items_create",
        request=serializers.ItemInput,
        responses={201: serializers.ItemShape},
    )
    @idempotent("items.create")
    def post(self, request: Request) -> Response:
        """Create an item."""
        values = item_values(body_of(request.data, FIELDS), whole=True)
        item = item_create(values=values, actor=self.principal)
        return Response(item_shape(item, self.principal.currency), status=status.HTTP_201_CREATED)


class ItemDetail(ApiView):
    """One item."""

    permissions = {  # read only
        "GET": "inventory.item.view",
        "PUT": "inventory.item.edit",
        "PATCH": "inventory.item.edit",
        "DELETE": "inventory.item.edit",
    }

    @extend_schema(operation_id="items_retrieve", responses=serializers.ItemShape)
    def get(self, request: Request, item_id: uuid.UUID) -> Response:
        """Return one item."""
        item = Item.objects.filter(pk=item_id).first()
        if item is None:
            raise not_found()
        return Response(item_shape(item, self.principal.currency))

    @extend_schema(
        operation_id="items_replace",
        request=serializers.ItemInput,
        responses=serializers.ItemShape,
    )
    def put(self, request: Request, item_id: uuid.UUID) -> Response:
        """Change an item; fields left out stay as they are."""
        return self._change(request, item_id, whole=True)

    @extend_schema(
        operation_id="items_change",
        request=serializers.ItemInput,
        responses=serializers.ItemShape,
    )
    def patch(self, request: Request, item_id: uuid.UUID) -> Response:
        """Change single fields; 409 with both values when it was changed since `version`."""
        return self._change(request, item_id, whole=False)

    @extend_schema(operation_id="items_deactivate", responses={204: None})
    def delete(self, request: Request, item_id: uuid.UUID) -> Response:
        """Deactivate: the item stays in history and leaves the pickers."""
        self._require(item_id)
        item_update(
            item_id=item_id, values={"is_active": False}, version=None, actor=self.principal
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _change(self, request: Request, item_id: uuid.UUID, *, whole: bool) -> Response:
        body = body_of(request.data, FIELDS | {"version"})
        version = (
            None
            if body.get("version") is None
            else parse_integer(body["version"], field="version", maximum=2**31)
        )
        values = item_values(body, whole=whole)
        self._require(item_id)
        item = item_update(item_id=item_id, values=values, version=version, actor=self.principal)
        return Response(item_shape(item, self.principal.currency))

    @staticmethod
    def _require(item_id: uuid.UUID) -> None:
        if not Item.objects.filter(pk=item_id).exists():
            raise not_found()


class ItemSearch(ApiView):
    """Items as you type."""

    permissions = {"GET": "inventory.item.view"}  # read only

    @extend_schema(
        operation_id="item_search",
        parameters=[
            OpenApiParameter("q", str, description="Code, barcode, or part of a name."),
            OpenApiParameter("limit", int, description="10 by default, 50 at most."),
        ],
        responses=serializers.ItemFound,
    )
    def get(self, request: Request) -> Response:
        """Return active items, an exact code or barcode first."""
        query = query_of(request.query_params, ("q", "limit"), is_list=False)
        limit = parse_integer(query.get("limit", "10"), field="limit", minimum=1)
        found = item_search(query.get("q", ""), limit=min(limit, 50))
        currency = self.principal.currency
        return Response({"results": [item_shape(item, currency) for item in found]})
