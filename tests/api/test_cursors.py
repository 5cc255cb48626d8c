"""Lists read by cursor: every row once, whatever is added meanwhile (design 10)."""

from __future__ import annotations

import pytest

from tests.api.conftest import api_of, codes, line, made

pytestmark = pytest.mark.django_db


def walk(api, address: str) -> list[dict[str, object]]:
    """Follow `next` to the end."""
    rows: list[dict[str, object]] = []
    following: str | None = address
    while following:
        answer = api.get(following.partition("/api/v1/")[2] or following).json()
        assert answer["count"] is None
        assert answer["previous"] is None
        rows += answer["results"]
        following = answer["next"]
    return rows


@pytest.fixture
def invoices(api, company_a) -> list[str]:
    """Return the ids of seven drafts over three days, in the order they were made."""
    days = (
        "2026-03-02",
        "2026-03-01",
        "2026-03-03",
        "2026-03-02",
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
    )
    return [made(api, company_a, line(), issue_date=day)["id"] for day in days]  # fmt: skip


@pytest.mark.parametrize("ordering", ["-issue_date", "issue_date"])
def test_a_cursor_reads_what_the_pages_show(api, invoices, ordering):
    paged = api.get(f"invoices?ordering={ordering}&page_size=100").json()["results"]

    read = walk(api, f"invoices?cursor=*&page_size=2&ordering={ordering}")

    assert [row["id"] for row in read] == [row["id"] for row in paged]


@pytest.mark.parametrize("size", [1, 3, 7, 8])
def test_rows_come_once_in_the_order_of_making(api, invoices, size):
    read = walk(api, f"invoices?cursor=*&page_size={size}&ordering=created_at")

    assert [row["id"] for row in read] == invoices


def test_what_is_added_meanwhile_moves_no_row(api, company_a, invoices):
    first = api.get("invoices?cursor=*&page_size=3&ordering=created_at").json()
    late = made(api, company_a, line(), issue_date="2026-03-01")["id"]

    rest = walk(api, first["next"])

    assert [row["id"] for row in (*first["results"], *rest)] == [*invoices, late]


def test_filters_hold_behind_the_cursor(api, company_a, invoices):
    read = walk(api, "invoices?cursor=*&page_size=1&date_to=2026-03-02&search=amal")

    assert len(read) == 5


def test_any_list_is_read_by_cursor(api, company_a):
    by_page = api.get("customers?page_size=100").json()["results"]

    read = walk(api, "customers?cursor=*&page_size=1")

    assert {row["id"] for row in read} == {row["id"] for row in by_page}
    assert len(read) == len(by_page)


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4Il0", "e30", "WyJhIiwiYiJd", "é"])
@pytest.mark.parametrize("address", ["invoices", "customers"])
def test_a_made_up_cursor_is_refused_at_its_field(api, address, cursor):
    answer = api.get(f"{address}?cursor={cursor}")

    assert answer.status_code == 400
    assert codes(answer).keys() == {"cursor"}


@pytest.mark.parametrize("address", ["invoices?ordering=total", "customers?ordering=code"])
def test_an_order_that_moves_rows_is_refused(api, address):
    answer = api.get(f"{address}&cursor=*")

    assert answer.status_code == 400
    assert codes(answer) == {"ordering": "invalid_choice"}


def test_a_cursor_shows_nothing_of_another_company(api, company_b, invoices):
    following = api.get("invoices?cursor=*&page_size=1&ordering=created_at").json()["next"]

    theirs = api_of(company_b).get(following.partition("/api/v1/")[2])

    assert theirs.json()["results"] == []
