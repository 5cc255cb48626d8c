"""Steps that the masters of documents share: customers, suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Length

from core.errors import N_, DomainError, ValidationErrors
from documents.versions import Conflict
from tenancy.models import CompanyOwned


def next_code(model: type[CompanyOwned], letter: str) -> str:
    """Return the next free code of the form C0001 of a table with a `code`."""
    last = (
        # by length first: as text C9999 comes after C10000
        model.objects.filter(code__regex=rf"^{letter}[0-9]{{4,}}$")
        .order_by(Length("code").desc(), "-code")
        .values_list("code", flat=True)
        .first()
    )
    return f"{letter}{(int(last[len(letter) :]) if last else 0) + 1:04d}"


def require_sound(record: CompanyOwned, *, exclude: Iterable[str] = ()) -> None:
    """Raise ValidationErrors for every field that breaks its own rule."""
    try:
        record.clean_fields(exclude=["company", *exclude])
    except ValidationError as error:
        raise ValidationErrors(
            DomainError(str(message), code="invalid", field=name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error


def country_code(text: str) -> str:
    """Return the ISO 3166 code in capitals; raises DomainError at `country`."""
    code = text.upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise DomainError(N_("A country is two letters."), code="invalid", field="country")
    return code


def apply_changes(record: Any, changes: Mapping[str, Any], *, version: int | None) -> None:
    """Put changes on a locked record; raises Conflict when it was changed since `version` (SP-9)."""
    if version is not None and version != record.version:
        raise Conflict(
            current_version=record.version,
            changes={
                name: {"yours": value, "theirs": getattr(record, name)}
                for name, value in changes.items()
                if str(value) != str(getattr(record, name))
            },
        )
    for name, value in changes.items():
        setattr(record, name, value)
    record.version += 1
