"""A client of the API for one person of the cast."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from api.people.tokens import tokens_for
from tests.builders import credited_one, paid_invoice
from tests.buying import posted_bill, supplier
from tests.cast import Cast


class Api:
    """Sends JSON as one person; `raw` sends bytes as they are."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        self.token = token

    def send(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        # a request leaves its language active in the thread
        with translation.override(translation.get_language()):
            return self.client.generic(
                method, f"/api/v1/{path}", content, content_type="application/json", headers=given
            )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("POST", path, {} if body is None else body, **options)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


def api_of(cast: Cast, role: str = "owner") -> Api:
    """Return a client signed in as the person with the role."""
    return Api(tokens_for(cast.principal(role))["access"])


@pytest.fixture
def api(company_a: Cast) -> Api:
    """The owner of company A."""
    return api_of(company_a)


@pytest.fixture
def anonymous() -> Api:
    return Api()


def line(**fields: Any) -> dict[str, Any]:
    return {
        "description": "Consulting",
        "quantity": "1",
        "unit_price": "100",
        "vat_rate": "15",
    } | fields


def invoice(cast: Cast, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"customer": str(cast.customer.pk), "lines": list(lines or [line()]), **fields}


def made(api: Api, cast: Cast, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a draft made through the API."""
    answer = api.post("invoices", invoice(cast, *lines, **fields))
    assert answer.status_code == 201, answer.content
    return answer.json()


def posted(api: Api, cast: Cast, *lines: dict[str, Any]) -> dict[str, Any]:
    """Return a posted invoice made through the API."""
    answer = api.post(f"invoices/{made(api, cast, *lines)['id']}/post")
    assert answer.status_code == 200, answer.content
    return answer.json()


def codes(answer: Any) -> dict[str, str]:
    """Return {field: code} of a refusal."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    return {row["field"]: row["code"] for row in answer.json()["errors"]}


@pytest.fixture
def rent(company_a):
    """A supplier with one open bill of 115.00."""
    with company_a.acting() as owner:
        party = supplier(owner)
        return party, posted_bill(owner, party)


@pytest.fixture
def note(company_a):
    """A credit note of 115.00 over a paid invoice: all of it is on account."""
    with company_a.acting() as owner:
        return credited_one(owner, paid_invoice(owner, company_a.customer))
