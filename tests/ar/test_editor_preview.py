"""The live preview: the document as it will print, from the payload alone (IF-1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.ar.signed_in import owner_client, signed_in
from tests.cast import Cast

__all__ = ["owner_client"]

pytestmark = pytest.mark.django_db


def line(**fields: Any) -> dict[str, Any]:
    return {
        "description": "Gloves",
        "quantity": "2",
        "unit_price": "10.00",
        "vat_rate": "15",
    } | fields


def ask(client: Client, **payload: Any) -> tuple[str, dict[str, Any]]:
    response = client.post(reverse("ar:invoice-preview"), {"payload": json.dumps(payload)})
    assert response.status_code == 200, response.content
    html = response.content.decode()
    state = (
        html.split('data-state="')[1].split('"')[0].replace("&quot;", '"').replace("&#x27;", "'")
    )
    return html, json.loads(state)


def test_it_shows_the_typed_document_with_totals(owner_client: Client) -> None:
    html, state = ask(
        owner_client,
        buyer={"name": "Al Amal", "name_arabic": "الأمل", "vat_number": "311111111100003"},
        lines=[line(), line(description="Book", vat_rate="0", quantity="1")],
        issue_date="2026-03-01",
        stamp=7,
    )
    assert "Al Amal" in html
    assert "الأمل" in html
    assert state["stamp"] == 7
    assert state["lines"] == ["20.00", "10.00"]
    assert state["total"] == "33.00"
    assert state["errors"] == []


def test_wrong_lines_are_named_and_the_others_still_computed(owner_client: Client) -> None:
    _, state = ask(
        owner_client,
        lines=[line(quantity="-1"), line(), line(vat_rate="7"), line(unit_price="1,5")],
    )
    assert [error["field"] for error in state["errors"]] == [
        "lines.0.quantity",
        "lines.2.vat_rate",
        "lines.3.unit_price",
    ]
    assert state["lines"] == [None, "20.00", None, None]
    assert state["total"] == "23.00"


@pytest.mark.django_db(transaction=True)
def test_it_runs_no_sql(owner_client: Client) -> None:
    ask(owner_client, lines=[line()])
    with CaptureQueriesContext(connection) as queries:
        ask(owner_client, lines=[line()] * 100)
    assert [query["sql"] for query in queries] == []


def test_what_is_typed_is_escaped(owner_client: Client) -> None:
    html, _ = ask(
        owner_client,
        buyer={"name": "<img src=x onerror=alert(1)>"},
        lines=[line(description="<script>alert(1)</script>")],
        notes="<b>bold</b>",
    )
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "<b>bold" not in html


def test_strange_payloads_are_answered(owner_client: Client) -> None:
    for payload in (
        {"lines": "x"},
        {"lines": [None, 3, []]},
        {"lines": [{"description": 3, "quantity": [], "unit_price": {}}]},
        {"buyer": [], "document_discount": "x", "issue_date": "31/12/2026", "currency": "riyal"},
        {"lines": [line()], "document_discount": "99999"},
    ):
        _, state = ask(owner_client, **payload)
        assert state["errors"] or payload["lines"]


def test_a_body_that_is_no_json_is_refused(owner_client: Client) -> None:
    response = owner_client.post(reverse("ar:invoice-preview"), {"payload": "[1"})
    assert response.status_code == 422
    assert response.json()["code"] == "wrong_payload"


def test_a_lost_session_is_a_401(client: Client) -> None:
    response = client.post(reverse("ar:invoice-preview"), {"payload": "{}"})
    assert response.status_code == 401


def test_the_arabic_sheet_runs_right_to_left(owner_client: Client) -> None:
    html, _ = ask(owner_client, language="ar", lines=[line(description_arabic="قفازات")])
    assert 'dir="rtl"' in html
    assert "قفازات" in html


def test_an_auditor_types_no_invoices(company_a: Cast) -> None:
    client = signed_in(company_a, "auditor")
    response = client.post(reverse("ar:invoice-preview"), {"payload": "{}"})
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("debit_note", "DEBIT NOTE"),
        ("prepayment", "PREPAYMENT TAX INVOICE"),
        ("statement", "SIMPLIFIED TAX INVOICE"),
    ],
)
def test_the_sheet_is_titled_by_what_the_draft_is(
    owner_client: Client, kind: str, title: str
) -> None:
    html, _ = ask(owner_client, lines=[line()], kind=kind)
    assert title in html
