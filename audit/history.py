"""Versions of rows, as django-simple-history shows them; the database writes them (audit.operations.KeepHistory)."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class History(HistoricalRecords):
    """History whose table has two indexes: its key, and (company, row, moment), by which it is read.

    The library indexes every key and the moment besides; each version of a document paid for eight indexes nobody read.
    """

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Return copies of the model's fields, none with an index of its own."""
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = False
        return fields

    def _get_history_user_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super()._get_history_user_fields()
        fields["history_user"].db_index = False
        return fields
