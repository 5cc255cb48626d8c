"""What settled a document is on its page, and what is on account is put to use there (SP-5)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ar.models import Invoice
from tests.browser.conftest import Window
from tests.builders import credited_one, days_ago, fresh, paid_invoice, payment, posted_invoice
from tests.buying import again, credited, posted_bill, supplier
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def credit_over_paid(cast: Cast) -> tuple[str, Invoice]:
    """Return the page of a credit note that nothing used yet, and the invoice that is open."""
    with cast.acting() as actor:
        note = credited_one(actor, paid_invoice(actor, cast.customer))
        waiting = posted_invoice(actor, cast.customer)
    return f"/credit-notes/{note.pk}/", waiting


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_credit_note_is_put_on_open_invoices_from_its_page(
    window: Callable[..., Window], company_a: Cast, language: str
) -> None:
    address, waiting = credit_over_paid(company_a)
    page = window("accountant", language=language).open(address)
    expect(page.locator("#section-payments .total")).to_contain_text("115.00")

    page.locator("form[action*='allocate'] button").click()

    page.wait_for_load_state("networkidle")
    expect(page.locator("#section-payments")).to_contain_text(waiting.number)
    expect(page.locator("#section-payments .total")).to_contain_text("0.00")
    with company_a.acting():
        assert fresh(waiting).status == "paid"


def test_readers_see_what_a_credit_settled_and_no_button(
    window: Callable[..., Window], company_a: Cast
) -> None:
    address, _waiting = credit_over_paid(company_a)

    page = window("auditor").open(address)

    expect(page.locator("#section-payments .total")).to_contain_text("115.00")
    expect(page.locator("form[action*='allocate']")).to_have_count(0)
    expect(page.locator("a[href*='payments/new']")).to_have_count(0)


def test_a_supplier_credit_is_put_on_open_bills_from_its_page(
    window: Callable[..., Window], company_a: Cast
) -> None:
    with company_a.acting() as actor:
        party = supplier(actor)
        bill = posted_bill(actor, party)
        payment(actor, party, "115", direction="out")
        credit = credited(actor, bill)
        waiting = posted_bill(actor, party)
    page = window("accountant").open(f"/supplier-credits/{credit.pk}/")

    page.locator("form[action*='allocate'] button").click()

    page.wait_for_load_state("networkidle")
    expect(page.locator("#section-payments")).to_contain_text(waiting.number)
    with company_a.acting():
        assert again(waiting).status == "paid"


def test_documents_show_what_settled_them_and_parties_lead_to_their_open_items(
    window: Callable[..., Window], company_a: Cast
) -> None:
    with company_a.acting() as actor:
        party = supplier(actor)
        bill = posted_bill(actor, party)
        paid = payment(actor, party, "15", direction="out")
        invoice = posted_invoice(actor, company_a.customer, issue_date=days_ago(3))
        taken = payment(actor, company_a.customer, "40")
    clerk = window("accountant")
    for path, number, left in (
        (f"/bills/{bill.pk}/", paid.number, "100.00"),
        (f"/invoices/{invoice.pk}/", taken.number, "75.00"),
    ):
        section = clerk.open(path).locator("#section-payments")
        expect(section).to_contain_text(number)
        expect(section.locator(".total")).to_contain_text(left)

    for path, number in (
        (f"/customers/{company_a.customer.pk}/", invoice.number),
        (f"/suppliers/{party.pk}/", bill.number),
    ):
        page = clerk.open(path)
        page.locator("a[href*='/open-items/']").click()
        page.wait_for_url(re.compile(r"/payments/open-items/(customer|supplier)/[0-9a-f-]{36}/$"))
        expect(page.locator("main")).to_contain_text(number)
    assert clerk.complaints == []
