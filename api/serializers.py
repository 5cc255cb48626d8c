"""Shapes for the OpenAPI description. Answers themselves are plain dicts: these serializers never run."""

from __future__ import annotations

from functools import cache
from typing import Any

from rest_framework import serializers

Serializer = serializers.Serializer
CharField = serializers.CharField
UUIDField = serializers.UUIDField
DateField = serializers.DateField
DateTimeField = serializers.DateTimeField
IntegerField = serializers.IntegerField
BooleanField = serializers.BooleanField
ListField = serializers.ListField
JSONField = serializers.JSONField


def amount(**options: Any) -> serializers.CharField:
    """A decimal as a string."""
    return serializers.CharField(help_text="Decimal as a string, for example 115.00.", **options)


@cache
def page_of(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the shape of a page of rows."""
    return type(
        f"{row.__name__}Page",
        (serializers.Serializer,),
        {
            "count": serializers.IntegerField(
                allow_null=True, help_text="Null where the list is read by cursor."
            ),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )


class AuditRow(serializers.Serializer[Any]):
    """One entry of the audit log."""

    id = IntegerField()
    at = DateTimeField()
    text = CharField(help_text="What happened, in the language of the request.")
    action = CharField()
    entity_type = CharField()
    entity_id = CharField()
    actor = IntegerField(allow_null=True)
    actor_name = CharField(allow_null=True)
    role = CharField()
    source = CharField()
    cause = CharField()
    request_id = CharField()
    old = JSONField(allow_null=True)
    new = JSONField(allow_null=True)
