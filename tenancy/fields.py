"""Foreign key between company-owned tables: the database's own key is a TenantKey constraint."""

from __future__ import annotations

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignKey):
    """A ForeignKey without a single-column constraint or index.

    Declare `TenantKey(<field>)` in Meta.constraints and indexes that begin with company in Meta.indexes;
    tests/architecture finds the model that forgot.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if kwargs.get("db_index") is False:
            kwargs.pop("db_index")
        return name, path, list(args), kwargs
