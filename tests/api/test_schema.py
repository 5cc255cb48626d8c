"""The OpenAPI description: complete, and changed only on purpose (SP-10)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from config.api_urls import urlpatterns

SNAPSHOT = Path(__file__).parent.parent / "snapshots" / "openapi.json"


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_schema_is_valid_openapi(schema):
    validate_schema(schema)


def test_schema_is_the_agreed_one(schema):
    text = json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "run with UPDATE_SNAPSHOTS=1 after a change on purpose"


def test_every_address_is_described(schema):
    described = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    wanted = set()
    for pattern in urlpatterns[0].url_patterns:
        route = getattr(pattern.pattern, "_route", "")
        if route and not route.endswith("/"):
            for kind in ("uuid", "str", "int", "slug"):
                route = route.replace(f"<{kind}:", "{").replace(">", "}")
            wanted.add(route)
    assert wanted - described == set()


def test_every_operation_documents_its_refusals(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert {"400", "503"} <= statuses, (method, path)
            if "{" in path:
                assert "404" in statuses, (method, path)
            if method in ("post", "put", "patch"):
                assert {"409", "413", "415"} <= statuses, (method, path)
            if operation.get("security") != []:
                assert {"401", "403"} <= statuses, (method, path)


def test_money_is_never_a_number(schema):
    def numbers(value, path=""):
        if isinstance(value, dict):
            if value.get("type") == "number":
                yield path
            for name, part in value.items():
                yield from numbers(part, f"{path}/{name}")
        elif isinstance(value, list):
            for index, part in enumerate(value):
                yield from numbers(part, f"{path}/{index}")

    assert list(numbers(schema)) == []


@pytest.mark.django_db
def test_schema_is_served():
    assert (
        Client().get("/api/schema/").status_code == Client().get("/api/schema").status_code == 200
    )


@pytest.mark.django_db
def test_docs_show_every_group_to_anybody():
    answer = Client().get("/api/docs/")

    assert answer.status_code == 200
    for name in ("invoices", "payments", "preview", "customers"):
        assert f"<h2>{name}</h2>" in answer.content.decode()
