"""Saving and posting from the editor, auto-saved drafts, and the choices its pickers offer (IF-2, RR-2, SP-9)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ar.models import Invoice
from documents.models import Draft
from tests.ar.signed_in import owner_client, signed_in
from tests.builders import draft_invoice, fresh, invoice_payload, line, lines_of, posted_invoice
from tests.cast import Cast

__all__ = ["owner_client"]
pytestmark = pytest.mark.django_db


def send(
    client: Client, name: str, body: dict[str, Any], method: str = "post", **options: Any
) -> Any:
    return getattr(client, method)(
        reverse(f"ar:{name}"), json.dumps(body), content_type="application/json", **options
    )


def typed(cast: Cast, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return invoice_payload(cast.customer, list(lines) or None, **fields)


def test_saving_makes_a_draft(owner_client: Client, company_a: Cast) -> None:
    response = send(owner_client, "invoice-save", {"payload": typed(company_a)})
    assert response.status_code == 201, response.content
    assert response.json()["status"] == "draft"
    assert response.json()["url"] == reverse("ar:invoice-detail", args=[response.json()["id"]])


def test_posting_makes_a_number(owner_client: Client, company_a: Cast) -> None:
    response = send(owner_client, "invoice-save", {"payload": typed(company_a), "post": True})
    assert response.status_code == 201
    assert response.json()["number"].startswith("INV-")


def test_refusals_name_every_field_in_the_words_of_the_api(
    owner_client: Client, company_a: Cast
) -> None:
    payload = typed(company_a, line(quantity="x"), line(unit_price="-1")) | {"customer": ""}
    response = send(owner_client, "invoice-save", {"payload": payload, "post": True})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [
        "customer",
        "lines.0.quantity",
        "lines.1.unit_price",
    ]


def test_a_save_whose_answer_was_lost_makes_no_second_invoice(
    owner_client: Client, company_a: Cast
) -> None:
    key = {
        "Idempotency-Key": owner_client.get(reverse("ar:invoice-create")).context["config"]["key"]
    }
    body = {"payload": typed(company_a), "post": True, "draft": ""}

    first = send(owner_client, "invoice-save", body, headers=key)
    again = send(owner_client, "invoice-save", body | {"draft": str(company_a.id)}, headers=key)
    other = send(owner_client, "invoice-save", body | {"post": False}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "saved_before")
    with company_a.acting():
        assert Invoice.objects.count() == 1


def test_a_refused_save_leaves_the_pages_key_free(owner_client: Client, company_a: Cast) -> None:
    key = {"Idempotency-Key": "page"}

    assert send(owner_client, "invoice-save", {"payload": {}}, headers=key).status_code == 422
    saved = send(owner_client, "invoice-save", {"payload": typed(company_a)}, headers=key)

    assert saved.status_code == 201


def test_sales_saves_but_neither_posts_nor_edits(company_a: Cast) -> None:
    client = signed_in(company_a, "sales")
    assert send(client, "invoice-save", {"payload": typed(company_a)}).status_code == 201
    posting = send(client, "invoice-save", {"payload": typed(company_a), "post": True})
    assert posting.status_code == 403
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer)
    editing = {"document": str(draft.pk), "payload": typed(company_a, version=1)}
    assert send(client, "invoice-save", editing).status_code == 403
    assert client.get(reverse("ar:invoice-edit", args=[draft.pk])).status_code == 403


def test_an_outdated_version_is_refused_with_the_stored_document(
    owner_client: Client, company_a: Cast
) -> None:
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer)
    first = typed(company_a, version=draft.version, reference="mine")
    assert (
        send(
            owner_client, "invoice-save", {"document": str(draft.pk), "payload": first}
        ).status_code
        == 200
    )
    late = typed(company_a, version=draft.version, reference="theirs")
    response = send(owner_client, "invoice-save", {"document": str(draft.pk), "payload": late})
    assert response.status_code == 409
    assert response.json()["current"]["reference"] == "mine"
    assert response.json()["version"] == draft.version + 1
    with company_a.scope():
        assert fresh(draft).reference == "mine"


def test_the_editor_reads_back_what_it_saved(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        draft = draft_invoice(
            owner, company_a.customer, [line("2.5", "10.03", item=company_a.items[0])]
        )
    page = owner_client.get(reverse("ar:invoice-edit", args=[draft.pk]))
    payload = page.context["config"]["payload"]
    response = send(owner_client, "invoice-save", {"document": str(draft.pk), "payload": payload})
    assert response.status_code == 200, response.content
    with company_a.scope():
        (stored,) = lines_of(draft)
        assert str(stored.pk) == payload["lines"][0]["id"]
        assert fresh(draft).total == draft.total


def test_a_posted_invoice_is_not_edited(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    page = owner_client.get(reverse("ar:invoice-edit", args=[invoice.pk]))
    assert page.status_code == 302
    body = {"document": str(invoice.pk), "payload": typed(company_a, version=invoice.version)}
    assert send(owner_client, "invoice-save", body).status_code == 409


def test_another_companys_customer_and_invoice_are_unknown(
    company_b: Cast, company_a: Cast
) -> None:
    client = signed_in(company_a)
    foreign = typed(company_b)
    response = send(client, "invoice-save", {"payload": foreign})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "customer"
    with company_b.acting() as owner:
        invoice = posted_invoice(owner, company_b.customer)
    assert client.get(reverse("ar:invoice-detail", args=[invoice.pk])).status_code == 404


def test_typing_is_kept_and_offered_again(owner_client: Client, company_a: Cast) -> None:
    kept = send(owner_client, "invoice-draft", {"payload": {"reference": "half typed"}})
    assert kept.status_code == 200
    draft = owner_client.get(reverse("ar:invoice-create")).context["config"]["draft"]
    assert draft["payload"] == {"reference": "half typed"}
    body = {"draft": kept.json()["draft"], "version": kept.json()["version"]}
    again = send(owner_client, "invoice-draft", body | {"payload": {"reference": "more"}})
    assert again.json()["draft"] == kept.json()["draft"]


def test_a_late_auto_save_does_not_bring_a_saved_draft_back(
    owner_client: Client, company_a: Cast
) -> None:
    kept = send(owner_client, "invoice-draft", {"payload": {}}).json()
    saving = {"payload": typed(company_a), "draft": kept["draft"], "post": True}
    assert send(owner_client, "invoice-save", saving).status_code == 201
    late = send(
        owner_client,
        "invoice-draft",
        {"payload": {}, "draft": kept["draft"], "version": kept["version"]},
    )
    assert late.status_code == 410
    with company_a.acting():
        assert not Draft.objects.exists()


def test_starting_anew_sets_the_earlier_draft_aside(owner_client: Client, company_a: Cast) -> None:
    kept = send(owner_client, "invoice-draft", {"payload": {"reference": "old"}}).json()
    body = {
        "payload": {"reference": "new"},
        "set_aside": kept["draft"],
        "set_aside_name": "Set aside",
    }
    assert send(owner_client, "invoice-draft", body).status_code == 200
    with company_a.acting():
        drafts = {draft.name: draft.payload["reference"] for draft in Draft.objects.all()}
    assert drafts == {"": "new", "Set aside": "old"}


def test_discarding_forgets(owner_client: Client, company_a: Cast) -> None:
    kept = send(owner_client, "invoice-draft", {"payload": {}}).json()
    assert (
        send(owner_client, "invoice-draft", {"draft": kept["draft"]}, "delete").status_code == 200
    )
    assert owner_client.get(reverse("ar:invoice-create")).context["config"]["draft"] is None


def test_items_are_found_by_code_barcode_and_both_names(
    owner_client: Client, company_a: Cast
) -> None:
    item = company_a.items[0]
    for text in (item.code, item.name, item.name_arabic):
        found = owner_client.get(reverse("ar:item-lookup"), {"q": text}).json()["results"]
        assert found[0]["code"] == item.code
        assert found[0]["price"] == "10.03"


def test_customers_come_with_their_printed_block(owner_client: Client, company_a: Cast) -> None:
    found = owner_client.get(reverse("ar:customer-lookup"), {"q": "amal"}).json()["results"]
    assert found[0]["printed"]["vat_number"] == company_a.customer.vat_number
    assert found[0]["open"] == "0.00"


def test_pasted_names_are_looked_up_at_once(owner_client: Client, company_a: Cast) -> None:
    code, name = company_a.items[0].code, company_a.items[1].name_arabic
    found = send(owner_client, "rows-lookup", {"names": [code, name, "unknown", 3]}).json()
    assert set(found["items"]) == {code, name}


def test_the_page_has_no_inline_script_or_style(owner_client: Client) -> None:
    html = owner_client.get(reverse("ar:invoice-create")).content.decode()
    assert " onclick=" not in html
    assert " style=" not in html
    assert "<script>" not in html
