"""The API described for people, from the same OpenAPI description programs read: no script, no foreign address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    method: str
    path: str
    summary: str
    permission: str
    parameters: tuple[str, ...]
    fields: tuple[str, ...]
    statuses: tuple[str, ...]


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> tuple[str, ...]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    shape = schema["components"]["schemas"].get(name, {})
    needed = set(shape.get("required", ()))
    return tuple(
        f"{field} *" if field in needed else field for field in shape.get("properties", ())
    )


@cache
def operations() -> list[tuple[str, list[Operation]]]:
    """Return every operation by the first part of its address. Built once in a process."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        short = path.removeprefix("/api/v1/")
        for method, operation in methods.items():
            groups.setdefault(short.partition("/")[0], []).append(
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=operation.get("description", ""),
                    permission=operation.get("x-permission", ""),
                    parameters=tuple(
                        one["name"]
                        for one in operation.get("parameters", ())
                        if one["in"] != "path"
                    ),
                    fields=_fields(schema, operation),
                    statuses=tuple(sorted(operation["responses"])),
                )
            )
    return sorted(groups.items())


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Show every endpoint with its fields, parameters, permission and answers."""
    return render(request, "api/docs.html", {"groups": operations()})
