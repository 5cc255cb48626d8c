"""From signing in to the paid invoice with its commission and its timeline, by keyboard, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ar.models import Invoice
from commissions.models import CommissionSnapshot
from tests.browser.conftest import Window, speaks
from tests.browser.editor import Editor
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_invoice_from_sign_in_to_paid(
    window: Callable[..., Window], company_a: Cast, password: str, language: str
) -> None:
    speaks(company_a, "owner", language)
    visitor = window("")
    page = visitor.open("/sign-in/")
    page.locator("input[type=email], input[name=email], input[name=username]").first.fill(
        company_a.users["owner"].email
    )
    page.locator("input[type=password]").fill(password)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*sign-in).*$"))
    visitor.open("/invoices/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")

    page.keyboard.press("n")
    editor = Editor(page)
    editor.choose_customer("amal")
    page.locator("#field-salesperson").select_option(str(company_a.users["sales"].pk))
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "12*10")
    expect(editor.cell(1, "quantity")).to_have_value("120")
    editor.total("1,384.14")
    editor.type_item(company_a.items[1].code, "2")
    editor.total("1,614.03")
    expect(page.locator("#preview-sheet")).to_contain_text(company_a.items[1].name_arabic)

    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}/$"))
    heading = page.locator(".page-head h1")
    expect(heading).to_contain_text("INV-")
    number = heading.locator(".code").inner_text()
    address = page.locator("a[href*='/pdf/']").first.get_attribute("href")
    pdf = page.request.get(f"{visitor.base}{address}")
    assert pdf.body().startswith(b"%PDF-")

    page.locator("a[href*='payments/new']").first.click()
    page.wait_for_url(re.compile("/payments/new/"))
    page.locator("#payment-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"^(?!.*payments/new).*$"))

    with company_a.acting():
        invoice = Invoice.objects.get(number=number)
        assert (invoice.status, invoice.open_amount) == ("paid", 0)
        snapshot = CommissionSnapshot.objects.get(invoice_id=invoice.pk)
    visitor.open(f"/invoices/{invoice.pk}/")
    paid = page.locator(".ribbon [aria-current=step]")
    expect(paid).to_contain_text("مدفوعة" if language == "ar" else "Paid")
    expect(page.locator("#section-commission")).to_contain_text(
        f"{snapshot.commission_amount:,.2f}"
    )
    timeline = page.locator("#section-timeline li")
    expect(timeline.first).to_be_visible()
    assert timeline.count() >= 2
