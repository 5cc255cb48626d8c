"""Payments, commissions, books and masters through the API (SP-3, SP-5, RR-8)."""

from __future__ import annotations

import pytest

from tests.api.conftest import api_of, codes, line, made, posted

pytestmark = pytest.mark.django_db


def payment(cast, amount, **fields):
    return {
        "customer": str(cast.customer.pk),
        "payment_account": str(cast.till.pk),
        "amount": amount,
        **fields,
    }


def test_payment_settles_the_oldest_and_keeps_the_rest_on_account(api, company_a):
    one, two = posted(api, company_a), posted(api, company_a)

    answer = api.post("payments", payment(company_a, "250"))

    assert answer.status_code == 201
    body = answer.json()
    assert (body["amount"], body["allocated_amount"], body["open_amount"]) == (
        "250.00",
        "230.00",
        "20.00",
    )
    assert {row["invoice"] for row in body["allocations"]} == {one["id"], two["id"]}
    third = posted(api, company_a)
    used = api.post(f"payments/{body['id']}/allocate")
    assert used.json()["open_amount"] == "0.00"
    assert api.get(f"invoices/{third['id']}").json()["open_amount"] == "95.00"


def test_manual_allocation_never_exceeds_what_is_open(api, company_a):
    one = posted(api, company_a)

    answer = api.post(
        "payments",
        payment(
            company_a,
            "200",
            strategy="manual",
            allocations=[{"invoice": one["id"], "amount": "115.01"}],
        ),
    )

    assert (answer.status_code, codes(answer)) == (409, {"allocations.0.amount": "over_allocated"})
    assert api.get("payments").json()["count"] == 0


def test_proposal_stores_nothing(api, company_a):
    posted(api, company_a)

    answer = api.get(f"payments/proposal?customer={company_a.customer.pk}&amount=150&strategy=lifo")

    assert [row["proposed_amount"] for row in answer.json()["rows"]] == ["115.00"]
    assert answer.json()["left_on_account"] == "35.00"
    assert api.get("payments").json()["count"] == 0


def test_void_opens_the_invoice_again(api, company_a):
    one = posted(api, company_a)
    paid = api.post("payments", payment(company_a, "115")).json()

    assert api.post(f"payments/{paid['id']}/void").json()["status"] == "void"
    assert api.get(f"invoices/{one['id']}").json()["status"] == "posted"
    assert api.post(f"payments/{paid['id']}/void").json()["code"] == "payment_void"


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "NaN", "1e3", "", None])
def test_wrong_amounts_are_refused(api, company_a, amount):
    answer = api.post("payments", payment(company_a, amount))

    assert (answer.status_code, list(codes(answer))) == (400, ["amount"])


def test_salespeople_see_their_own_commissions_only(api, company_a):
    for role in ("sales", "accountant"):
        draft = made(api, company_a, salesperson=company_a.users[role].pk)
        api.post(f"invoices/{draft['id']}/post")
    api.post("payments", payment(company_a, "230"))
    sales = api_of(company_a, "sales")

    assert api.get("commissions").json()["count"] == 2
    assert [row["commission_amount"] for row in sales.get("commissions").json()["results"]] == [
        "7.50"
    ]
    summary = sales.get("commissions/summary").json()
    assert (summary["base"], summary["commission"], summary["average_percent"]) == (
        "100.00",
        "7.50",
        "7.5",
    )
    other = sales.get(f"commissions?salesperson={company_a.users['accountant'].pk}")
    assert other.status_code == 403
    one = api.get("commissions").json()["results"][0]["id"]
    assert sales.post(f"commissions/{one}/approve").status_code == 403
    assert api.post(f"commissions/{one}/approve").json()["status"] == "approved"
    assert api.post(f"commissions/{one}/approve").status_code == 409


def test_trial_balance_balances_on_any_day(api, company_a):
    draft = made(api, company_a, issue_date="2026-10-31")
    api.post(f"invoices/{draft['id']}/post")
    draft = made(api, company_a, line(unit_price="50"), issue_date="2026-11-10")
    api.post(f"invoices/{draft['id']}/post")

    def receivable(day: str) -> str:
        report = api.get(f"reports/trial-balance?as_of={day}").json()
        assert report["total_debit"] == report["total_credit"]
        assert (report["as_of"], report["currency"]) == (day, "SAR")
        return report["total_debit"]

    assert receivable("2026-10-30") == "0.00"
    assert receivable("2026-10-31") == "115.00"
    assert receivable("2026-11-09") == "115.00"
    assert receivable("2026-11-10") == "172.50"
    assert receivable("2026-12-31") == "172.50"


def test_customer_balances_are_open_less_credit(api, company_a):
    posted(api, company_a)
    api.post("payments", payment(company_a, "15", strategy="manual"))

    rows = api.get("reports/customer-balances").json()["rows"]

    assert [(row["open_amount"], row["credit_amount"], row["balance"]) for row in rows] == [
        ("115.00", "15.00", "100.00")
    ]


def test_journal_of_an_invoice_balances(api, company_a):
    document = posted(api, company_a)

    found = api.get(f"journals?source_id={document['id']}").json()["results"]
    lines = api.get(f"journals/{found[0]['id']}").json()["lines"]

    assert sorted((row["debit"], row["credit"]) for row in lines) == [
        ("0.00", "100.00"),
        ("0.00", "15.00"),
        ("115.00", "0.00"),
    ]


def test_one_rate_a_day(api):
    body = {"currency": "USD", "date": "2026-01-01", "rate": "3.75"}

    assert api.post("exchange-rates", body).json()["rate"] == "3.75"
    assert codes(api.post("exchange-rates", body)) == {"date": "duplicate_rate"}
    assert codes(api.post("exchange-rates", body | {"currency": "SAR"})) == {
        "currency": "base_currency"
    }
    assert api.post("exchange-rates", body | {"rate": "0"}).status_code == 400
    assert api.get("exchange-rates?currency=USD").json()["count"] == 1


def test_customer_is_created_changed_and_deactivated(api, company_a):
    made_customer = api.post("customers", {"name": "New", "credit_limit": "100.50"}).json()
    assert (made_customer["credit_limit"], made_customer["version"]) == ("100.50", 1)
    one = f"customers/{made_customer['id']}"

    assert api.patch(one, {"city": "Jeddah", "version": 1}).json()["city"] == "Jeddah"
    stale = api.patch(one, {"city": "Dammam", "version": 1})
    assert stale.json()["changes"]["city"] == {"yours": "Dammam", "theirs": "Jeddah"}
    assert api.delete(one).status_code == 204
    assert api.get(one).json()["is_active"] is False
    refused = api.post("invoices", {"customer": made_customer["id"], "lines": [line()]})
    assert codes(refused) == {"customer": "unknown_customer"}
    same = api.post("customers", {"name": "X", "code": made_customer["code"]})
    assert codes(same) == {"code": "duplicate_code"}


def test_item_is_created_found_and_deactivated(api, company_a):
    made_item = api.post(
        "items",
        {
            "code": "ABC-1",
            "barcode": "6281000000011",
            "name": "Honey",
            "name_arabic": "عسل",
            "price": "12.345",
        },
    )
    assert made_item.status_code == 201
    one = made_item.json()["id"]

    assert made_item.json()["price"] == "12.345"
    for text in ("6281000000011", "abc-1", "عسل", "hon"):
        assert api.get(f"item-search?q={text}").json()["results"][0]["id"] == one
    assert api.patch(f"items/{one}", {"vat_rate": "0"}).json()["tax_category"] == "Z"
    assert api.delete(f"items/{one}").status_code == 204
    assert api.get("item-search?q=abc-1").json()["results"] == []


def test_drafts_belong_to_their_user(api, company_a):
    saved = api.put("drafts/autosave", {"kind": "invoice", "payload": {"notes": "a"}}).json()
    again = api.put(
        "drafts/autosave",
        {
            "kind": "invoice",
            "payload": {"notes": "b"},
            "id": saved["id"],
            "version": saved["version"],
        },
    ).json()

    assert (again["id"], again["version"]) == (saved["id"], 2)
    stale = api.put("drafts/autosave", {"payload": {"notes": "c"}, "id": saved["id"], "version": 1})
    assert (stale.status_code, stale.json()["current"]["payload"]) == (409, {"notes": "b"})
    assert api.get("drafts/latest?kind=invoice").json()["payload"] == {"notes": "b"}
    other = api_of(company_a, "accountant")
    assert other.get(f"drafts/{saved['id']}").status_code == 404
    assert other.get("drafts").json()["count"] == 0


def test_draft_that_became_an_invoice_never_comes_back(api, company_a):
    saved = api.put("drafts/autosave", {"payload": {"notes": "a"}}).json()
    made(api, company_a, draft=saved["id"])

    late = api.put("drafts/autosave", {"payload": {"notes": "b"}, "id": saved["id"], "version": 1})

    assert (late.status_code, late.json()["code"]) == (410, "draft_gone")
    assert api.get("drafts").json()["count"] == 0


def test_autosave_of_a_posted_document_is_dropped(api, company_a):
    document = made(api, company_a)
    body = {"payload": {"notes": "a"}, "document_id": document["id"]}
    assert api.put("drafts/autosave", body).status_code == 200
    api.post(f"invoices/{document['id']}/post")

    assert api.put("drafts/autosave", body).status_code == 410
    assert api.get("drafts").json()["count"] == 0


def test_named_drafts_are_kept_apart(api):
    for name in ("one", "two", "one"):
        assert api.post("drafts", {"name": name, "payload": {"n": name}}).status_code == 201

    assert sorted(row["name"] for row in api.get("drafts").json()["results"]) == ["one", "two"]
