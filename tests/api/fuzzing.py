"""Requests made from the OpenAPI description by schemathesis, aimed at rows that are there.

Random identifiers would only ever meet a 404: what the lists and answers tell is remembered and put into addresses and
bodies by name, so that requests reach the services behind them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import InvalidArgument, Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

PREFIX = "/api/v1/"
#: They end the session in use, or take the run's own rights away.
LEFT_OUT = {
    "DELETE /api/v1/memberships/{membership_id}",
    "PATCH /api/v1/memberships/{membership_id}",
}
#: Wrong values are part of its answer, not a refusal (IF-1).
TOLERANT = {"POST /api/v1/preview/calculate"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Parameters and fields whose name is not their resource's.
RESOURCE = {
    "account": "accounts", "parent": "accounts", "prepaid_account": "accounts",
    "entry": "journals", "journal": "manual-journals", "terms": "payment-terms",
    "file": "bank-files", "rule": "bank-rules", "statement": "bank-statements",
    "credit": "credit-notes", "note": "credit-notes", "recurring": "recurring-invoices",
    "schedule": "recurring-journals", "template": "journal-templates", "job": "export-jobs",
    "rate": "exchange-rates", "use": "prepayments", "snapshot": "commissions", "party": "customers",
    "match": "bank-matches", "line": "lines", "document": "invoices", "refund": "payments",
    "entity": "invoices", "draft": "drafts", "own_line": "lines",
}  # fmt: skip


def resource_of(name: str) -> str:
    """Return the resource whose identifiers a parameter or field holds: `invoice_id` and `invoices` are invoices."""
    short = name.removesuffix("_id").removesuffix("s")
    return RESOURCE.get(short, short.replace("_", "-") + "s")


class Known:
    """Identifiers by resource, learned from answers."""

    def __init__(self) -> None:
        self.ids: defaultdict[str, list[Any]] = defaultdict(list)
        self.choose = random.Random(20260101)

    def learn(self, path: str, answer: Any) -> None:
        """Remember every row of an answer by the address it came from, its lines besides."""
        resource = path.removeprefix(PREFIX).split("/")[0]
        rows = answer if isinstance(answer, list) else [answer]
        for row in rows:
            if not isinstance(row, dict):
                continue
            self.learn(path, row.get("results") or row.get("rows") or [])
            if row.get("id") is not None and row["id"] not in self.ids[resource]:
                self.ids[resource].append(row["id"])
            self.ids["lines"] += [
                one["id"] for one in row.get("lines") or () if isinstance(one, dict) and "id" in one
            ]

    def one(self, name: str, otherwise: Any) -> Any:
        """Return a known identifier, four times of five; else what was made up."""
        ids = self.ids[resource_of(name)]
        return self.choose.choice(ids[-12:]) if ids and self.choose.random() < 0.8 else otherwise

    def put_in(self, value: Any, name: str = "") -> Any:
        """Return the body with made-up identifiers replaced."""
        if isinstance(value, dict):
            return {key: self.put_in(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.put_in(one, name) for one in value]
        looks_like_id = isinstance(value, str) and len(value) == 36 and value.count("-") == 4
        return self.one(name, value) if looks_like_id else value


def weight(operation: Any) -> tuple[int, str]:
    """Order operations: lists, rows, what makes, what changes, what removes."""
    order = {"get": 0, "post": 2, "put": 3, "patch": 3, "delete": 4}[operation.method]
    return (order + ("{" in operation.path and order == 0), operation.path)


def description() -> Any:
    """Return the served description for requests through WSGI; how to sign in is left out, every request is signed in."""
    document = Client().get("/api/schema/", headers={"accept": "application/json"}).json()
    document["components"].pop("securitySchemes")
    for path in document["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    loaded = schemathesis.openapi.from_dict(document)
    loaded.app = WSGIHandler()
    return loaded


def operations() -> list[Any]:
    """Return the operations in the order in which to try them."""
    found = [result.ok() for result in description().get_all_operations()]
    return sorted((one for one in found if one.label not in LEFT_OUT), key=weight)


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the connection between requests, as the test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


class Run:
    """One person's requests, and what about their answers the description did not say."""

    def __init__(self, token: str, *, examples: int) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.settings = settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        self.known = Known()
        self.found: list[str] = []

    def probe(self, operation: Any, mode: GenerationMode) -> None:
        """Send requests as described, or wrong ones, to one operation."""
        is_wrong = mode is GenerationMode.NEGATIVE and operation.label not in TOLERANT
        checks = [*CHECKS, negative_data_rejection] if is_wrong else CHECKS

        @seed(1)
        @self.settings
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: Case) -> None:
            self.send(case, checks)

        try:
            each()
        except (InvalidArgument, Unsatisfiable):
            # nothing can be wrong about an operation without parameters and body
            assert mode is GenerationMode.NEGATIVE, operation.label

    def send(self, case: Case, checks: list[Any]) -> None:
        case.path_parameters = self.known.put_in(case.path_parameters)
        if isinstance(case.body, dict | list):
            case.body = self.known.put_in(case.body)
        if any(value in ("", []) for value in case.query.values()):
            checks = CHECKS  # a parameter without a value counts as not sent
        response = case.call(headers=self.headers)
        if response.status_code < 300 and "json" in "".join(
            response.headers.get("content-type", ())
        ):
            self.known.learn(case.path, response.json())
        try:
            case.validate_response(response, checks=checks)
        except (Failure, FailureGroup) as failure:
            each = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
            self.found += [self.told(case, response, one) for one in each]

    @staticmethod
    def told(case: Case, response: Any, failure: Any) -> str:
        return (
            f"{case.operation.label} [{response.status_code}] {failure.title}: {failure.message}\n"
            f"{case.as_curl_command()}\n{response.content[:600].decode(errors='replace')}"
        )


def surprises(token: str, *, examples: int) -> list[str]:
    """Send `examples` right and as many wrong requests to every operation; return what nobody described."""
    run = Run(token, examples=examples)
    with one_connection():
        for operation in operations():
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                run.probe(operation, mode)
    return run.found
