"""What an endpoint takes: named fields and query parameters; anything else is refused, never ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import QueryDict

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text

#: Query parameters of every list.
LIST_PARAMETERS = frozenset({"page", "page_size", "search", "ordering", "cursor"})


class UnknownField(DomainError):
    """The body has a field this endpoint does not take, or one nobody may set (ASVS 15.3.3)."""

    code = "unknown_field"


class UnknownParameter(DomainError):
    """The query has a parameter this endpoint does not know."""

    code = "unknown_parameter"


def body_of(data: Any, fields: Collection[str]) -> dict[str, Any]:
    """Return the body as a dict with none but these fields. Raises ValidationErrors naming each other one."""
    if not isinstance(data, Mapping):
        raise DomainError(N_("Send a JSON object."), code="invalid")
    refuse_unknown(data, fields)
    return dict(data)


def refuse_unknown(data: Mapping[str, Any], fields: Collection[str], at: str = "") -> None:
    """Raise ValidationErrors for every name outside `fields`; `at` is put in front of it."""
    unknown = [name for name in data if name not in fields]
    if unknown:
        raise ValidationErrors(
            UnknownField(N_("This field is unknown or cannot be set."), field=f"{at}{name[:60]}")
            for name in unknown[:50]
        )


def rows_of(data: Mapping[str, Any], name: str, fields: Collection[str]) -> None:
    """Check that every object in the list `name` has none but these fields."""
    rows = data.get(name)
    if isinstance(rows, list):
        errors: list[DomainError] = []
        for index, row in enumerate(rows):
            if isinstance(row, dict) and not row.keys() <= set(fields):
                try:
                    refuse_unknown(row, fields, f"{name}.{index}.")
                except ValidationErrors as error:
                    errors.extend(error.errors)
                if len(errors) > 100:  # enough to understand the mistake
                    break
        if errors:
            raise ValidationErrors(errors)


def query_of(query: QueryDict, names: Iterable[str], *, is_list: bool = True) -> dict[str, str]:
    """Return the query parameters, each once, cleaned; raises for unknown ones."""
    allowed = set(names) | (LIST_PARAMETERS if is_list else set())
    unknown = [name for name in query if name not in allowed]
    if unknown:
        raise ValidationErrors(
            UnknownParameter(N_("This parameter is unknown."), field=name[:60]) for name in unknown
        )
    return {
        name: clean_text(value, field=name, max_length=200)
        for name in query
        if (value := query.get(name)) not in (None, "")
    }


def parse_choice(value: Any, choices: Collection[str], *, field: str) -> str:
    """Return one of the choices. Raises DomainError that lists them."""
    if not isinstance(value, str) or value not in choices:
        raise DomainError(
            N_("Choose one of: %(choices)s."),
            code="invalid_choice",
            field=field,
            params={"choices": ", ".join(sorted(choices))},
        )
    return value


def ordering_of(query: Mapping[str, str], choices: Mapping[str, Any], default: Any) -> Any:
    """Return the ordering named in `?ordering=` (a `-` in front turns it). Raises DomainError for an unknown one."""
    name = query.get("ordering")
    if not name:
        return default
    if name not in choices:
        raise DomainError(
            N_("Choose one of: %(choices)s."),
            code="invalid_choice",
            field="ordering",
            params={"choices": ", ".join(choices)},
        )
    return choices[name]
