"""Pages of bills: the shared editor with accounts and VAT codes, list, page, steps (SP-4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ap.models import Bill, BillLine, Supplier, SupplierCredit
from documents.models import Draft
from ledger.models import Account
from tests.ar.signed_in import owner_client, signed_in
from tests.buying import cost, draft_bill, posted_bill, supplier
from tests.cast import Cast

__all__ = ["owner_client"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def landlord(company_a: Cast) -> Supplier:
    with company_a.acting() as owner:
        return supplier(owner, name="Old Wall", name_arabic="السور القديم")


def account(cast: Cast, code: str) -> Account:
    with cast.scope():
        return Account.objects.get(code=code)


def rent(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "description": "Rent",
        "quantity": "1",
        "unit_price": "1000",
        "tax_code": "P15",
        "tax_category": "S",
        "vat_rate": "15",
        "account": str(account(cast, "6310").pk),
    } | fields


def save(client: Client, payload: dict[str, Any], *, post: bool = False, document: str = "") -> Any:
    body = {"payload": payload, "post": post, "document": document}
    return client.post(reverse("ap:bill-save"), json.dumps(body), content_type="application/json")


def errors_of(response: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in response.json()["errors"]}


def test_a_typed_bill_is_saved_posted_and_read_back(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    payload = {
        "supplier": str(landlord.pk),
        "supplier_number": "R-77",
        "issue_date": "2026-03-01",
        "lines": [rent(company_a, prepaid_months="6", prepaid_start="2026-03-01")],
    }
    draft = save(owner_client, payload)
    assert draft.status_code == 201, draft.content
    page = owner_client.get(reverse("ap:bill-edit", args=[draft.json()["id"]]))
    config = page.context["config"]
    line = config["payload"]["lines"][0]
    assert (line["account_name"], line["prepaid_months"]) == ("6310 Rent", "6")
    assert (config["payload"]["supplier_number"], line["tax_code"]) == ("R-77", "P15")
    assert config["choice"]["name"] == "Old Wall"

    posted = save(owner_client, config["payload"], post=True, document=draft.json()["id"])
    assert posted.status_code == 200, posted.content
    with company_a.scope():
        bill = Bill.objects.get(pk=draft.json()["id"])
        assert (bill.status, str(bill.total)) == ("posted", "1150.0000")
        assert bill.prepaid_parts.count() == 6
    assert owner_client.get(reverse("ap:bill-edit", args=[bill.pk])).status_code == 302


def test_wrong_input_is_named_at_its_field_and_nothing_is_stored(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    response = save(
        owner_client,
        {"supplier": "", "lines": [rent(company_a, account="9x9"), rent(company_a, quantity="0")]},
    )
    assert response.status_code == 422
    assert errors_of(response)["supplier"] == "Choose a supplier."
    assert errors_of(response)["lines.1.quantity"] == "The quantity is greater than zero."
    response = save(
        owner_client,
        {"supplier": str(landlord.pk), "lines": [rent(company_a, account="bank of")]},
    )
    assert errors_of(response) == {"lines.0.account": "There is no such open account."}
    with company_a.scope():
        assert not Bill.objects.exists()


def test_a_number_booked_already_is_said_while_typing_and_refused_without_a_reason(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        bill = posted_bill(owner, landlord, supplier_number="R-1")
    query = {"supplier": str(landlord.pk), "value": "R-1"}
    said = owner_client.get(reverse("ap:bill-duplicate"), query).json()
    assert said["number"] == bill.number
    assert said["ask"] == "duplicate_reason"
    assert said["url"] == reverse("ap:bill-detail", args=[bill.pk])
    assert owner_client.get(reverse("ap:bill-duplicate"), query | {"value": "R-2"}).json() == {}
    itself = query | {"document": str(bill.pk)}
    assert owner_client.get(reverse("ap:bill-duplicate"), itself).json() == {}

    payload = {
        "supplier": str(landlord.pk),
        "supplier_number": "R-1",
        "lines": [rent(company_a)],
    }
    refused = save(owner_client, payload)
    assert refused.status_code == 409
    assert list(errors_of(refused)) == ["supplier_number"]
    assert bill.number in errors_of(refused)["supplier_number"]
    assert save(owner_client, payload | {"duplicate_reason": "Two shops"}).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_the_preview_shows_supplier_and_company_without_sql(owner_client: Client) -> None:
    line = {"description": "Rent", "quantity": "1", "unit_price": "1000", "account": "6310"}
    lines = [line, line | {"prepaid_months": "0"}]
    payload = {
        "seller": {"name": "Old Wall", "vat_number": "311111111100003"},
        "supplier_number": "R-9",
        "lines": lines,
    }
    address = reverse("ap:bill-preview")
    owner_client.post(address, {"payload": "{}"})
    with CaptureQueriesContext(connection) as queries:
        response = owner_client.post(address, {"payload": json.dumps(payload)})
    html = response.content.decode()
    assert [one["sql"] for one in queries] == []
    assert "SUPPLIER BILL" in html
    assert "R-9" in html
    state = json.loads(html.split('data-state="')[1].split('"')[0].replace("&quot;", '"'))
    assert [one["field"] for one in state["errors"]] == ["lines.1.prepaid_months"]
    assert state["lines"] == ["1,000.00", None]


def test_an_autosaved_bill_is_a_draft_of_its_own_kind(
    owner_client: Client, company_a: Cast
) -> None:
    body = {"payload": {"supplier_number": "R-3", "lines": []}}
    answer = owner_client.post(
        reverse("ap:bill-draft"), json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200
    with company_a.acting():
        assert Draft.objects.get().kind == "ap.bill"
    config = owner_client.get(reverse("ap:bill-create")).context["config"]
    assert config["draft"]["payload"]["supplier_number"] == "R-3"
    assert owner_client.get(reverse("ar:invoice-create")).context["config"]["draft"] is None


def test_pickers_find_suppliers_accounts_and_items_with_the_price_last_paid(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        item = company_a.items[0]
        posted_bill(owner, landlord, [cost("2", "7.25", item=item)], issue_date="2026-01-05")
        posted_bill(owner, landlord, [cost("2", "7.75", item=item)], issue_date="2026-02-05")

    def find(name: str, text: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = owner_client.get(reverse(name), {"q": text}).json()["results"]
        return found

    assert find("ap:supplier-lookup", "القديم")[0]["printed"]["name"] == "Old Wall"
    assert find("ap:account-lookup", "rent")[0]["code"] == "6310"
    assert find("ap:account-lookup", "إيجار")[0]["code"] == "6310"
    assert find("ap:account-lookup", "2110") == []  # a control account belongs to its sub-ledger
    assert find("ap:item-lookup", item.code)[0]["price"] == "7.75"


def test_the_list_filters_sums_and_costs_the_same_for_any_length(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        other = supplier(owner, name="Bright Mop")
        first = posted_bill(owner, landlord, supplier_number="AB-1")
        posted_bill(owner, other, supplier_number="CD-2")
        draft_bill(owner, other)

    def listed(**query: str) -> list[str]:
        context = owner_client.get(reverse("ap:bill-list"), query).context
        return [one.number for one in context["listing"].page.object_list]

    assert listed(q="ab-1") == [first.number]
    assert listed(q="old wall") == [first.number]
    assert listed(supplier=str(landlord.pk)) == [first.number]
    assert listed(status="draft") == [""]
    sums = owner_client.get(reverse("ap:bill-list")).context["listing"].sums
    assert (sums[0].count, str(sums[0].total)) == (3, "345.0000")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner_client.get(reverse("ap:bill-list"))
        return len(queries)

    before = statements()
    with company_a.acting() as owner:
        for number in range(6):
            posted_bill(owner, landlord, supplier_number=f"X-{number}")
    assert statements() == before


def test_the_page_offers_what_state_and_role_allow(company_a: Cast, landlord: Supplier) -> None:
    with company_a.acting() as owner:
        posted = posted_bill(owner, landlord)
    address = reverse("ap:bill-detail", args=[posted.pk])
    context = signed_in(company_a).get(address).context
    assert context["may_void"]
    assert context["may_edit_fields"]
    assert [one["url"] for one in context["actions"]] == [
        reverse("ap:bill-credit", args=[posted.pk])
    ]
    sections = {section.key for section, _url in context["sections"]}
    assert {"payments", "files", "timeline", "journal", "prepaid"} <= sections
    assert signed_in(company_a, "sales").get(address).status_code == 403
    readers = signed_in(company_a, "auditor").get(address)
    assert not readers.context["may_void"]
    pdf = signed_in(company_a).get(reverse("ap:bill-pdf", args=[posted.pk]))
    assert pdf.content.startswith(b"%PDF-")


def test_crediting_lines_shows_the_credit_first_and_then_posts_it(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        bill = posted_bill(owner, landlord, [cost("4", "25"), cost("1", "50")])
    with company_a.scope():
        keys = [str(line.pk) for line in BillLine.objects.filter(document_id=bill.pk)]
    address = reverse("ap:bill-credit", args=[bill.pk])
    form = {
        "line": keys,
        "quantity": ["3", ""],
        "amount": ["", ""],
        "reason": "",
        "date": "",
        "settle": "on",
    }
    preview = owner_client.post(f"{address}preview/", form)
    assert "86.25" in preview.content.decode()
    refused = owner_client.post(address, form)
    assert refused.status_code == 422
    assert "reason" in refused.context["errors"]
    too_much = owner_client.post(address, form | {"reason": "Broken", "quantity": ["5", ""]})
    assert too_much.status_code == 422
    assert too_much.context["rows"][0]["wrong"]
    with company_a.scope():
        assert not SupplierCredit.objects.exists()

    done = owner_client.post(address, form | {"reason": "Broken"})
    assert done.status_code == 303
    with company_a.scope():
        credit = SupplierCredit.objects.get()
        assert (str(credit.total), credit.reason) == ("86.2500", "Broken")
    left = owner_client.get(address).context["rows"]
    assert [str(one["row"].quantity_left.normalize()) for one in left] == ["1", "1"]


def test_a_credit_without_a_bill_is_typed_in_the_same_editor(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    assert owner_client.get(reverse("ap:supplier-credit-create")).status_code == 200
    body = {
        "payload": {
            "supplier": str(landlord.pk),
            "reason": "Bonus of the year",
            "lines": [rent(company_a)],
        },
        "post": True,
    }
    response = owner_client.post(
        reverse("ap:supplier-credit-save"), json.dumps(body), content_type="application/json"
    )
    assert response.status_code == 201, response.content
    page = owner_client.get(response.json()["url"])
    assert "Bonus of the year" in page.content.decode()
    listed = owner_client.get(reverse("ap:supplier-credit-list")).context["listing"]
    assert listed.count == 1


def test_schedules_show_what_still_waits(
    owner_client: Client, company_a: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        lines = [rent(company_a, prepaid_months="4", prepaid_start="2026-01-01")]
        bill = posted_bill(owner, landlord, lines, issue_date="2026-01-02")
    page = owner_client.get(reverse("ap:prepaid-list"))
    (row,) = page.context["rows"]
    assert (row.months, row.booked_months, str(row.left)) == (4, 0, "1000.0000")
    section = owner_client.get(reverse("ap:bill-prepaid", args=[bill.pk]))
    assert section.content.decode().count("250.00") == 4


def test_another_company_finds_nothing(
    company_a: Cast, company_b: Cast, landlord: Supplier
) -> None:
    with company_a.acting() as owner:
        bill = posted_bill(owner, landlord)
    stranger = signed_in(company_b)
    for name in ("bill-detail", "bill-edit", "bill-pdf", "bill-credit"):
        assert stranger.get(reverse(f"ap:{name}", args=[bill.pk])).status_code == 404, name
    found = stranger.get(reverse("ap:supplier-lookup"), {"q": "old"}).json()["results"]
    assert found == []
