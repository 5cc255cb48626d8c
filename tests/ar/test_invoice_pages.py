"""The list of invoices and the page of one: filters, sums, actions by role and state."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ar.models import CreditNote
from tests.ar.signed_in import owner_client, signed_in
from tests.builders import (
    days_ago,
    draft_invoice,
    fresh,
    locked_invoice,
    paid_invoice,
    payment,
    posted_invoice,
    voided_invoice,
)
from tests.cast import Cast

__all__ = ["owner_client"]
pytestmark = pytest.mark.django_db


def listed(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("ar:invoice-list"), query)
    assert response.status_code == 200
    return [invoice.number for invoice in response.context["listing"].page.object_list]


def test_chips_count_every_state_and_overdue(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        draft_invoice(owner, company_a.customer)
        posted_invoice(owner, company_a.customer)
        posted_invoice(owner, company_a.customer, issue_date=days_ago(60), due_date=days_ago(30))
        paid_invoice(owner, company_a.other_customer)
    listing = owner_client.get(reverse("ar:invoice-list")).context["listing"]
    counts = {chip.status: chip.count for chip in listing.chips}
    assert counts == {
        "": 4,
        "draft": 1,
        "posted": 2,
        "partially_paid": 0,
        "overdue": 1,
        "paid": 1,
        "void": 0,
    }
    assert str(listing.sums[0].total) == "460.0000"
    assert str(listing.sums[0].open_amount) == "345.0000"


def test_filters_and_sums_agree(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        late = posted_invoice(
            owner, company_a.customer, issue_date=days_ago(60), due_date=days_ago(30)
        )
        other = posted_invoice(owner, company_a.other_customer)
    assert listed(owner_client, status="overdue") == [late.number]
    assert listed(owner_client, q=other.number.lower()) == [other.number]
    assert listed(owner_client, q="second cust") == [other.number]
    assert listed(owner_client, customer=str(company_a.customer.pk)) == [late.number]
    assert listed(owner_client, **{"from": days_ago(1)}) == [other.number]
    assert listed(owner_client, **{"from": "yesterday", "status": "x", "page": "0"}) == [
        other.number,
        late.number,
    ]


def test_the_list_takes_the_same_statements_for_any_length(
    owner_client: Client, company_a: Cast
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner_client.get(reverse("ar:invoice-list"))
        return len(queries)

    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
    statements()
    one = statements()
    with company_a.acting() as owner:
        for _ in range(9):
            posted_invoice(owner, company_a.customer)
    assert statements() == one
    assert one <= 10


def test_pages_are_complete_and_ordered_from_either_end(
    owner_client: Client, company_a: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.selectors.listing.PAGE_SIZE", 3)
    with company_a.acting() as owner:
        made = [
            posted_invoice(owner, company_a.customer, issue_date=days_ago(20 - n)).number
            for n in range(8)
        ]
    seen = [number for page in "123" for number in listed(owner_client, page=page)]
    assert seen == made[::-1]
    assert listed(owner_client, page="99") == seen[6:]


def test_actions_follow_state_and_role(company_a: Cast) -> None:
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer)
        posted = posted_invoice(owner, company_a.customer)
        locked = locked_invoice(owner, company_a.customer)
    rights = (
        "may_edit_draft",
        "may_post",
        "may_delete",
        "may_void",
        "may_lock",
        "may_unlock",
        "may_edit_fields",
    )

    def allowed(role: str, invoice: object) -> set[str]:
        page = signed_in(company_a, role).get(reverse("ar:invoice-detail", args=[invoice.pk]))  # type: ignore[attr-defined]
        return {right for right in rights if page.context[right]}

    assert allowed("owner", draft) == {"may_edit_draft", "may_post", "may_delete", "may_lock"}
    assert allowed("owner", posted) == {"may_void", "may_lock", "may_edit_fields"}
    assert allowed("owner", locked) == {"may_unlock", "may_edit_fields"}
    assert allowed("accountant", locked) == set()
    assert allowed("sales", draft) == set()
    assert allowed("auditor", posted) == set()


def test_a_refused_step_says_why_on_the_page(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
        payment(owner, company_a.customer, "50", allocations=[(invoice, "50")])
    response = owner_client.post(
        reverse("ar:invoice-void", args=[invoice.pk]), {"reason": "Wrong customer"}, follow=True
    )
    assert "Undo the payments of this invoice first." in response.content.decode()


def test_voiding_needs_a_reason_and_links_the_note(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    address = reverse("ar:invoice-void", args=[invoice.pk])
    owner_client.post(address, {"reason": ""})
    with company_a.scope():
        assert fresh(invoice).status == "posted"
    page = owner_client.post(address, {"reason": "Wrong customer"}, follow=True)
    with company_a.acting():
        note = CreditNote.objects.get(invoice_id=invoice.pk)
    assert reverse("ar:credit-note-detail", args=[note.pk]) in page.content.decode()


def test_only_free_fields_of_a_posted_invoice_change(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    address = reverse("ar:invoice-fields", args=[invoice.pk])
    form = {"version": invoice.version, "reference": "PO-7", "notes": "Thanks", "total": "1"}
    assert owner_client.post(address, form).status_code == 303
    with company_a.scope():
        stored = fresh(invoice)
        assert (stored.reference, stored.notes, stored.total) == ("PO-7", "Thanks", invoice.total)
    wrong = owner_client.post(address, {"version": stored.version, "due_date": "soon"})
    assert wrong.status_code == 422
    assert "YYYY-MM-DD" in wrong.content.decode()


def test_a_deleted_draft_is_gone(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer)
    owner_client.post(reverse("ar:invoice-delete", args=[draft.pk]))
    assert owner_client.get(reverse("ar:invoice-detail", args=[draft.pk])).status_code == 404


def test_pdf_and_pages_of_notes_open(owner_client: Client, company_a: Cast) -> None:
    with company_a.acting() as owner:
        invoice, note = voided_invoice(owner, company_a.customer)
    pdf = owner_client.get(reverse("ar:invoice-pdf", args=[invoice.pk]))
    assert pdf.content.startswith(b"%PDF-")
    assert f"{invoice.number}.pdf" in pdf.headers["Content-Disposition"]
    assert owner_client.get(reverse("ar:credit-note-pdf", args=[note.pk])).content[:5] == b"%PDF-"
    assert owner_client.get(reverse("ar:credit-note-detail", args=[note.pk])).status_code == 200
    page = owner_client.get(reverse("ar:credit-note-list"))
    assert [one.number for one in page.context["listing"].page.object_list] == [note.number]


def test_empty_company_is_offered_its_first_invoice(owner_client: Client) -> None:
    html = owner_client.get(reverse("ar:invoice-list")).content.decode()
    assert "No invoices yet" in html
    assert reverse("ar:invoice-create") in html
