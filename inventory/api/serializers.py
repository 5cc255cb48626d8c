"""Shapes of items for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as drf

from api.serializers import amount


class ItemInput(drf.Serializer[Any]):
    """An item as typed."""

    code = drf.CharField(max_length=60)
    barcode = drf.CharField(required=False, max_length=60)
    name = drf.CharField(max_length=300)
    name_arabic = drf.CharField(required=False, max_length=300)
    category = drf.UUIDField(required=False, allow_null=True)
    kind = drf.ChoiceField(("goods", "service"), required=False)
    unit = drf.CharField(required=False, max_length=20)
    price = amount(required=False)
    vat_rate = drf.ChoiceField(("15", "5", "0"), required=False)
    tax_category = drf.ChoiceField(("S", "Z", "E", "O"), required=False)
    tax_code = drf.CharField(required=False, max_length=12)
    is_controlled_drug = drf.BooleanField(required=False)
    is_active = drf.BooleanField(required=False)
    version = drf.IntegerField(required=False)


class ItemShape(ItemInput):
    """A stored item."""

    id = drf.UUIDField()


class ItemFound(drf.Serializer[Any]):
    """What a search found."""

    results = ItemShape(many=True)
