"""An accountant types a bill by keyboard, sees it, posts it and reads its journal, in both languages (SP-4, IF-1)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ap.models import Bill
from tests.browser.conftest import Window, speaks
from tests.browser.editor import Editor
from tests.buying import posted_bill, supplier
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def choose(page: Page, text: str) -> None:
    """Type into the field that has the focus and take the first choice."""
    page.keyboard.type(text)
    expect(page.locator("#picker-list .picker-option").first).to_be_visible()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_bill_by_keyboard_from_paper_to_journal(
    window: Callable[..., Window], company_a: Cast, language: str
) -> None:
    speaks(company_a, "accountant", language)
    with company_a.acting() as owner:
        landlord = supplier(owner, name="Old Wall", name_arabic="السور القديم")
        earlier = posted_bill(owner, landlord, supplier_number="R-1")
    clerk = window("accountant")
    page = clerk.open("/bills/")
    page.keyboard.press("n")
    editor = Editor(page)
    page.locator("#field-supplier").click()
    choose(page, "old wall" if language == "en" else "القديم")
    expect(page.locator("#field-supplier_number")).to_be_focused()

    # the number was booked before: said at once, with the bill and the question why
    page.keyboard.type("R-1")
    expect(page.locator("#note-supplier_number")).to_contain_text(earlier.number)
    expect(page.locator("#field-duplicate_reason")).to_be_visible()
    page.locator("#field-supplier_number").fill("R-2")
    expect(page.locator("#field-duplicate_reason")).to_be_hidden()

    editor.cell(1, "description").click()
    page.keyboard.type("Rent of the half year")
    editor.cell(1, "account").click()
    choose(page, "6310")
    expect(editor.cell(1, "quantity")).to_be_focused()
    page.keyboard.type("1")
    editor.cell(1, "unit_price").click()
    page.keyboard.type("6000")
    editor.cell(1, "prepaid_months").fill("6")
    editor.cell(2, "description").click()
    editor.total("6,900.00")
    expect(page.locator("#preview-sheet")).to_contain_text("R-2")

    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/bills/[0-9a-f-]{36}/$"))
    expect(page.locator(".page-head h1")).to_contain_text("BILL-")
    journal = page.locator("#section-journal")
    expect(journal).to_contain_text("6,900.00")
    expect(journal).to_contain_text("1450")
    expect(page.locator("#section-prepaid tbody tr")).to_have_count(6)
    with company_a.acting():
        assert Bill.objects.get(supplier_number="R-2").status == "posted"
    assert clerk.complaints == []


def test_an_account_that_is_none_is_said_in_its_cell(
    window: Callable[..., Window], company_a: Cast
) -> None:
    with company_a.acting() as owner:
        supplier(owner, name="Old Wall")
    page = window("owner").open("/bills/new/")
    editor = Editor(page)
    page.locator("#field-supplier").click()
    choose(page, "old")
    editor.cell(1, "description").click()
    page.keyboard.type("Something")
    editor.cell(1, "account").fill("no such thing")
    editor.cell(1, "quantity").fill("1")
    editor.cell(1, "unit_price").fill("5")
    page.keyboard.press("Control+Enter")
    error = page.locator("#line-grid .cell-account .cell-error")
    expect(error).to_have_text("There is no such open account.")

    # the preview knows no accounts: what it answers later leaves the refusal until the line is changed
    page.locator("#field-reference").fill("PO 7")
    expect(page.locator("#preview-sheet")).to_contain_text("PO 7")
    expect(error).to_have_text("There is no such open account.")
    editor.cell(1, "account").fill("")
    editor.cell(1, "quantity").fill("2")
    expect(error).to_have_count(0)


def test_part_of_a_bill_goes_back_with_its_sheet_in_sight(
    window: Callable[..., Window], company_a: Cast
) -> None:
    with company_a.acting() as owner:
        bill = posted_bill(owner, supplier(owner))
    page = window("owner", width=390).open(f"/bills/{bill.pk}/")
    page.locator("a[href$='/credit/']").click()
    page.wait_for_url(re.compile("/credit/$"))
    page.locator("input[name=quantity]").fill("0.5")
    page.locator("input[name=reason]").fill("Half was closed")
    expect(page.locator("#credit-preview")).to_contain_text("57.50")
    page.locator("#credit-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/supplier-credits/[0-9a-f-]{36}/$"))
    expect(page.locator(".page-head h1")).to_contain_text("SC-")
