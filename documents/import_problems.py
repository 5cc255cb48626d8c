"""Refused rows of an import, as the person who typed the file knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _


def problems_named(
    problems: Sequence[Mapping[str, Any]], labels: Mapping[str, str], mapping: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return refused rows as a job keeps them, each column as the file heads it or by its label in the reader's language.

    `labels`: field -> untranslated label; `mapping`: field -> heading in the file.
    """

    def named(field: str) -> str:
        label = labels.get(field)
        return mapping.get(field) or (_(label) if label else field)

    return [{**one, "field": named(one["field"])} for one in problems]
