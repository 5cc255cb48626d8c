"""Suppliers, bills and supplier credits through the API (SP-3, SP-4, PS-1; design 10)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import local_today
from tests.api.conftest import Api, api_of, codes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

#: Statements at any number of lines, BEGIN, scope and COMMIT included.
ADD_LINE = 10
CREATE = 9
POST = 14
POST_WITH_MONTHS = 15
READ = 8
LIST = 5


def cost(**fields: Any) -> dict[str, Any]:
    return {"description": "Rent", "quantity": "1", "unit_price": "100", **fields}


@pytest.fixture
def landlord(api):
    answer = api.post("suppliers", {"name": "Gulf Rentals", "payment_terms_days": 10})
    assert answer.status_code == 201, answer.content
    return answer.json()


def made(api: Api, supplier: dict[str, Any], *lines: dict[str, Any], **fields: Any) -> Any:
    body = {"supplier": supplier["id"], "lines": list(lines or [cost()]), **fields}
    answer = api.post("bills", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def posted(api: Api, supplier: dict[str, Any], *lines: dict[str, Any], **fields: Any) -> Any:
    answer = api.post(f"bills/{made(api, supplier, *lines, **fields)['id']}/post")
    assert answer.status_code == 200, answer.content
    return answer.json()


# --- suppliers ---


def test_supplier_is_made_changed_and_deactivated(api, landlord):
    assert (landlord["code"], landlord["is_active"]) == ("S0001", True)
    one = f"suppliers/{landlord['id']}"

    changed = api.patch(one, {"iban": "SA03 8000 0000 6080 1016 7519", "version": 1}).json()
    assert (changed["iban"], changed["version"]) == ("SA0380000000608010167519", 2)
    assert codes(api.patch(one, {"phone": "5", "version": 1})) == {"version": "stale_version"}
    assert api.delete(one).status_code == 204
    assert api.get("suppliers?is_active=true").json()["count"] == 0
    assert api.get("suppliers?search=gulf").json()["results"][0]["is_active"] is False
    assert codes(api.post("bills", {"supplier": landlord["id"], "lines": [cost()]})) == {
        "supplier": "unknown_supplier"
    }


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"name": "required"}),
        ({"name": "x", "iban": "SA12"}, {"iban": "wrong_iban"}),
        ({"name": "x", "vat_number": "12"}, {"vat_number": "wrong_vat_number"}),
        ({"name": "x", "balance": "5"}, {"balance": "unknown_field"}),
        ({"name": "x", "account": "5"}, {"account": "invalid"}),
    ],
)
def test_wrong_supplier_is_refused_at_its_field(api, body, wrong):
    answer = api.post("suppliers", body)

    assert answer.status_code == 400
    assert codes(answer).keys() == wrong.keys()
    assert api.get("suppliers").json()["count"] == 0


# --- bills ---


def test_bill_has_the_shape_of_documents(api, landlord):
    bill = made(api, landlord, cost(account="6310"), supplier_number="R-1")

    for name in ("id", "number", "status", "version", "issue_date", "due_date", "currency"):
        assert name in bill
    assert (bill["supplier"], bill["supplier_number"]) == (landlord["id"], "R-1")
    assert (bill["subtotal"], bill["tax_amount"], bill["total"], bill["open_amount"]) == (
        "100.00",
        "15.00",
        "115.00",
        "115.00",
    )
    assert {
        name: bill["lines"][0][name]
        for name in ("quantity", "unit_price", "vat_rate", "tax_code", "net_amount")
    } == {
        "quantity": "1",
        "unit_price": "100.00",
        "vat_rate": "15",
        "tax_code": "P15",
        "net_amount": "100.00",
    }


def test_bill_is_changed_line_by_line_and_posted(api, landlord):
    bill = made(api, landlord)
    one = f"bills/{bill['id']}"

    added = api.post(f"{one}/items", cost(unit_price="50", tax_code="PRC", account="6430"))
    assert added.status_code == 201
    assert added.json()["totals"] == {
        "subtotal": "150.00",
        "tax_amount": "15.00",
        "total": "165.00",
    }
    line = added.json()["line"]
    assert (line["vat_rate"], line["tax_category"]) == ("0", "O")
    changed = api.patch(f"{one}/items/{line['id']}", {"tax_code": "P15"}).json()
    assert (changed["totals"]["total"], changed["line"]["account"]) == ("172.50", line["account"])
    changed = api.patch(f"{one}/items/{line['id']}", {"quantity": "2"}).json()
    assert changed["totals"]["total"] == "230.00"
    gone = api.delete(f"{one}/items/{line['id']}").json()
    assert (gone["line"], gone["totals"]["total"]) == (None, "115.00")

    done = api.post(f"{one}/post", {"version": gone["version"]}).json()
    assert (done["status"], done["number"]) == ("posted", f"BILL-{local_today().year}-00001")
    assert codes(api.post(f"{one}/items", cost())) == {"": "document_posted"}
    note = api.patch(one, {"notes": "Till"}).json()
    assert note["notes"] == "Till"
    assert codes(api.patch(one, {"supplier_number": "X"})) == {"supplier_number": "document_posted"}
    assert api.delete(one).status_code == 409


def test_draft_is_replaced_changed_and_deleted(api, landlord):
    bill = made(api, landlord)
    one = f"bills/{bill['id']}"

    body = {"supplier": landlord["id"], "lines": [cost(quantity="3")], "version": 1}
    assert api.put(one, body).json()["total"] == "345.00"
    assert codes(api.put(one, body)) == {"version": "stale_version"}
    assert api.patch(one, {"reference": "PO 5"}, If_Match='"2"').json()["version"] == 3
    assert api.delete(f"{one}?version=3").status_code == 204
    assert api.get(one).status_code == 404


def test_repeated_number_of_the_supplier_needs_a_reason(api, landlord):
    made(api, landlord, supplier_number="R-1")
    body = {"supplier": landlord["id"], "lines": [cost()], "supplier_number": "R-1"}

    answer = api.post("bills", body)

    assert answer.status_code == 409
    assert codes(answer) == {"supplier_number": "duplicate_supplier_number"}
    assert api.post("bills", body | {"duplicate_reason": "Second half"}).status_code == 201


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"account": "9999"}, {"lines.0.account": "unknown_account"}),
        ({"account": "2110"}, {"lines.0.account": "control_account"}),
        ({"tax_code": "S15"}, {"lines.0.tax_code": "unknown_tax_code"}),
        ({"quantity": "0"}, {"lines.0.quantity": "too_small"}),
        ({"prepaid_months": 0}, {"lines.0.prepaid_months": "too_small"}),
        ({"customs_value": "x"}, {"lines.0.customs_value": "invalid"}),
        ({"cost_center": "1"}, {"lines.0.cost_center": "unknown_field"}),
    ],
)
def test_wrong_line_is_refused_at_its_field(api, landlord, line, wrong):
    answer = api.post("bills", {"supplier": landlord["id"], "lines": [cost(**line)]})

    assert answer.status_code in (400, 409)
    assert codes(answer).keys() == wrong.keys()
    assert api.get("bills").json()["count"] == 0


def test_bill_is_taken_back_in_part_and_never_more_than_billed(api, landlord):
    bill = posted(api, landlord, cost(quantity="3"), cost(unit_price="10"))
    line, credit = bill["lines"][0]["id"], f"bills/{bill['id']}/credit"

    taken = api.post(credit, {"reason": "Back", "lines": [{"line": line, "quantity": "2"}]})
    assert taken.status_code == 201, taken.content
    assert (taken.json()["total"], taken.json()["bill"]) == ("230.00", bill["id"])
    wrong = api.post(credit, {"reason": "Back", "lines": [{"line": line, "quantity": "2"}]})
    assert codes(wrong) == {"lines.0.quantity": "credit_too_much"}
    whole = api.get(f"bills/{bill['id']}").json()
    assert (whole["open_amount"], whole["status"]) == ("126.50", "partially_paid")
    assert [one["number"][:3] for one in whole["credits"]] == ["SC-"]
    rest = api.post(credit, {"reason": "All of it"}).json()
    assert rest["total"] == "126.50"
    assert api.get(f"bills/{bill['id']}").json()["status"] == "paid"


def test_bill_is_voided_locked_and_looked_back_on(api, landlord):
    bill = posted(api, landlord)
    one = f"bills/{bill['id']}"

    assert api.post(f"{one}/lock").json()["is_locked"] is True
    assert codes(api.post(f"{one}/void", {"reason": "x"})) == {"": "document_locked"}
    assert api.post(f"{one}/unlock").json()["is_locked"] is False
    assert codes(api.post(f"{one}/void", {})) == {"reason": "required"}
    assert api.post(f"{one}/void", {"reason": "Twice"}).status_code == 201
    assert api.get(one).json()["status"] == "void"
    assert {row["action"] for row in api.get(f"{one}/history").json()["results"]} >= {
        "LOCK",
        "VOID",
    }


def test_bill_prints(api, landlord):
    bill = posted(api, landlord)

    answer = api.get(f"bills/{bill['id']}/pdf?language=en")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    credit = api.post(f"bills/{bill['id']}/credit", {"reason": "All"}).json()
    assert api.get(f"supplier-credits/{credit['id']}/pdf").content.startswith(b"%PDF-")


def test_lists_filter_and_search(api, landlord):
    other = api.post("suppliers", {"name": "Saudi Electricity"}).json()
    made(api, landlord, supplier_number="R-77")
    bill = posted(api, other)

    assert api.get("bills").json()["count"] == 2
    assert api.get("bills?status=draft").json()["count"] == 1
    assert api.get(f"bills?supplier={other['id']}").json()["results"][0]["id"] == bill["id"]
    assert api.get("bills?search=electr").json()["count"] == 1
    assert api.get("bills/search?q=r-77").json()["results"][0]["supplier_name"] == "Gulf Rentals"
    assert api.get("bills?customer=x").status_code == 400


def test_prepaid_months_are_shown(api, landlord):
    bill = posted(api, landlord, cost(prepaid_months=2, prepaid_start="2026-03-09"))

    months = api.get(f"bills/{bill['id']}").json()["prepaid_months"]

    assert [(month["date"], month["amount"]) for month in months] == [
        ("2026-03-31", "50.00"),
        ("2026-04-30", "50.00"),
    ]


def test_credit_without_a_bill(api, landlord):
    body = {"supplier": landlord["id"], "reason": "Rebate", "lines": [cost(account="5150")]}
    credit = api.post("supplier-credits", body).json()
    one = f"supplier-credits/{credit['id']}"

    assert api.patch(one, {"reason": "Bonus"}).json()["reason"] == "Bonus"
    done = api.post(f"{one}/post").json()
    assert (done["status"], done["open_amount"]) == ("posted", "115.00")
    assert api.get("supplier-credits?search=gulf").json()["count"] == 1
    assert codes(api.patch(one, {"reason": "x"})) == {"reason": "document_posted"}
    assert api.delete(one).status_code == 409


@pytest.mark.parametrize(
    ("role", "reads"), [("auditor", True), ("cashier", False), ("sales", False)]
)
def test_roles(company_a, api, landlord, role, reads):
    bill = posted(api, landlord)
    other = api_of(company_a, role)

    for path in ("bills", f"bills/{bill['id']}", f"bills/{bill['id']}/history", "suppliers"):
        assert other.get(path).status_code == (200 if reads else 403)
    for path in ("bills", f"bills/{bill['id']}/void", "suppliers", "supplier-credits"):
        assert other.post(path, {}).status_code == 403


def test_another_company_finds_nothing(api, landlord, company_b):
    bill = made(api, landlord)
    stranger = api_of(company_b)

    assert stranger.get(f"bills/{bill['id']}").status_code == 404
    assert stranger.get(f"suppliers/{landlord['id']}").status_code == 404
    assert stranger.post(f"bills/{bill['id']}/post").status_code == 404
    assert codes(stranger.post("bills", {"supplier": landlord["id"], "lines": [cost()]})) == {
        "supplier": "unknown_supplier"
    }


def test_repeated_key_answers_the_first_time_again(api, landlord):
    body = {"supplier": landlord["id"], "lines": [cost()]}

    first = api.post("bills", body, Idempotency_Key="a-key-of-mine")
    again = api.post("bills", body, Idempotency_Key="a-key-of-mine")

    assert first.json()["id"] == again.json()["id"]
    assert api.get("bills").json()["count"] == 1


# --- statements ---


def statements(api: Api, method: str, path: str, body: object = None) -> list[str]:
    api.get("me")  # the principal is in the cache
    with CaptureQueriesContext(connection) as captured:
        answer = api.send(method, path, body)
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured.captured_queries]


def many(count: int, **fields: Any) -> list[dict[str, Any]]:
    accounts = ("6310", "6320", "6330", "6430")
    return [cost(description=f"Line {n}", account=accounts[n % 4], **fields) for n in range(count)]


@pytest.mark.parametrize("size", [10, 500])
def test_posting_500_lines_takes_as_many_statements_as_10(api, landlord, size):
    """Issue 3, figures."""
    posted(api, landlord)
    bill = made(api, landlord, *many(size))
    found = statements(api, "POST", f"bills/{bill['id']}/post", {})
    assert len(found) == POST, found

    months = made(api, landlord, *many(size, prepaid_months=12))
    found = statements(api, "POST", f"bills/{months['id']}/post", {})
    assert len(found) == POST_WITH_MONTHS, found


@pytest.mark.parametrize("size", [1, 200])
def test_create_read_list_and_add_take_the_same_statements_at_any_size(api, landlord, size):
    body = {"supplier": landlord["id"], "lines": many(size)}
    assert len(found := statements(api, "POST", "bills", body)) == CREATE, found
    bill = api.get("bills").json()["results"][0]["id"]
    assert len(found := statements(api, "GET", f"bills/{bill}")) == READ, found
    assert len(found := statements(api, "GET", "bills")) == LIST, found
    assert len(found := statements(api, "POST", f"bills/{bill}/items", cost())) == ADD_LINE, found
