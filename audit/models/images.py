"""Images of rows in the trail, as they are read."""

from __future__ import annotations

from typing import Any

from django.db import models


def unfolded(image: Any) -> Any:
    """Return an image with its lines as rows; the trail keeps them by column (audit/sql/lines_by_column.sql)."""
    if not isinstance(image, dict) or not isinstance(image.get("lines"), dict):
        return image
    columns = image["lines"]
    rows = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    return {**image, "lines": sorted(rows, key=lambda row: row.get("position", 0))}


class ImageField(models.JSONField):
    """What a row or the lines of a document were, or became."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return unfolded(super().from_db_value(value, expression, connection))

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
