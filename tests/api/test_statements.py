"""How many SQL statements a request takes: the same at any size (PS-2, PS-4, design 2).

Counts include BEGIN, the scope and COMMIT, on a warm cache. A change of a number here is a decision.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Api, api_of, invoice, line, made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

SIZES = (1, 20, 200)
#: Statements of each request at 1, 20 and 200 lines.
ADD_LINE = 8
ADD_ITEM_LINE = 10
CREATE = 8
POST = 14
READ = 7
LIST = 5
LIST_SEARCHED = 5


def lines_of(count: int) -> list[dict[str, str]]:
    return [line(description=f"Line {n}", unit_price="1.50") for n in range(count)]


def statements(api: Api, method: str, path: str, body: object = None) -> list[str]:
    api.get("me")  # the principal is in the cache
    with CaptureQueriesContext(connection) as captured:
        answer = api.send(method, path, body)
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def client(company_a):
    return api_of(company_a)


@pytest.mark.parametrize("size", SIZES)
def test_add_line(client, company_a, size):
    draft = made(client, company_a, *lines_of(size))

    found = statements(client, "POST", f"invoices/{draft['id']}/items", line())

    assert len(found) == ADD_LINE, found


@pytest.mark.parametrize("size", SIZES)
def test_add_line_with_item(client, company_a, size):
    draft = made(client, company_a, *lines_of(size))
    body = {
        "item": str(company_a.items[0].pk),
        "quantity": "1",
        "unit_price": "10",
        "vat_rate": "15",
    }

    found = statements(client, "POST", f"invoices/{draft['id']}/items", body)

    assert len(found) == ADD_ITEM_LINE, found


@pytest.mark.parametrize("size", SIZES)
def test_create(client, company_a, size):
    found = statements(client, "POST", "invoices", invoice(company_a, *lines_of(size)))

    assert len(found) == CREATE, found


@pytest.mark.parametrize("size", SIZES)
def test_post(client, company_a, size):
    made(client, company_a)
    draft = made(client, company_a, *lines_of(size))

    found = statements(client, "POST", f"invoices/{draft['id']}/post", {})

    assert len(found) == POST, found


@pytest.mark.parametrize("size", SIZES)
def test_read(client, company_a, size):
    draft = made(client, company_a, *lines_of(size))

    found = statements(client, "GET", f"invoices/{draft['id']}")

    assert len(found) == READ, found


@pytest.mark.parametrize("size", [1, 30])
def test_list(client, company_a, size):
    for _ in range(size):
        made(client, company_a)

    assert len(statements(client, "GET", "invoices?page_size=100")) == LIST
    assert len(statements(client, "GET", "invoices?search=amal&page_size=100")) == LIST_SEARCHED


def test_preview_takes_none(client):
    assert statements(client, "POST", "preview/calculate", {"line_items": lines_of(20)}) == []
