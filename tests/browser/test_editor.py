"""The editor's promises in a real browser: keys, pickers, paste, drafts, lost connection, conflict."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ar.models import Invoice
from documents.models import Draft
from tests.browser.conftest import Window
from tests.browser.editor import Editor
from tests.builders import draft_invoice, line
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(window: Callable[..., Window]) -> Page:
    return window().open("/invoices/new/")


def test_keys_move_copy_delete_and_undo(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "3")
    editor.type_item(company_a.items[1].code, "4")
    editor.cell(2, "quantity").click()
    page.keyboard.press("Control+d")
    expect(editor.cell(2, "quantity")).to_have_value("3")
    page.keyboard.press("ArrowUp")
    expect(editor.cell(1, "quantity")).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(editor.cell(1, "quantity")).to_have_value("3")
    page.keyboard.press("Control+Backspace")
    expect(page.locator("#line-grid tbody tr")).to_have_count(2)
    page.locator(".toast [data-undo]").click()
    expect(editor.cell(1, "quantity")).to_have_value("3")
    expect(page.locator("#line-grid tbody tr")).to_have_count(3)


def test_the_same_item_again_asks_once(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "12")
    page.keyboard.type(company_a.items[0].code)
    page.keyboard.press("Enter")
    expect(page.locator("#duplicate")).to_contain_text("(12 + 1)")
    page.keyboard.press("Enter")
    expect(editor.cell(1, "quantity")).to_have_value("13")
    expect(editor.cell(1, "quantity")).to_be_focused()


def test_wrong_cells_say_why_in_the_words_of_the_api(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "-3")
    expect(page.locator("#line-grid .cell-error")).to_have_text(
        "The quantity is greater than zero."
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#note-customer")).to_have_text("Choose a customer.")
    expect(page.locator("#field-customer")).to_be_focused()
    editor.cell(1, "quantity").fill("3")
    expect(page.locator("#line-grid .cell-error")).to_have_count(0)


def test_arabic_digits_are_numbers(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "١٢")
    expect(editor.cell(1, "quantity")).to_have_value("12")
    editor.total("138.41")


def test_rows_of_a_spreadsheet_are_shown_before_they_are_taken(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    first, second = company_a.items[:2]
    page.evaluate(PASTE, f"{first.code}\t12\t9.50\n{second.code}\t1,250.00\nNo such thing\t2\t5\n")
    dialog = page.locator("#paste-dialog")
    expect(dialog.locator("tbody tr")).to_have_count(3)
    expect(dialog.locator("tbody tr.is-unknown")).to_have_count(1)
    dialog.locator("#paste-texts").uncheck()
    dialog.locator("#paste-take").click()
    expect(page.locator("#line-grid tbody tr")).to_have_count(3)
    expect(editor.cell(1, "unit_price")).to_have_value("9.50")
    expect(editor.cell(2, "quantity")).to_have_value("1250.00")


def test_typing_survives_a_crash(
    window: Callable[..., Window], page: Page, company_a: Cast
) -> None:
    editor = Editor(page)
    editor.choose_customer("amal")
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "7")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"saved \d\d:\d\d:\d\d"))
    again = window().open("/invoices/new/")
    restored = Editor(again)
    expect(again.locator("#restore")).to_be_visible()
    again.locator("#restore-yes").click()
    expect(restored.cell(1, "quantity")).to_have_value("7")
    expect(again.locator("#field-customer")).to_have_value("Al Amal Pharmacy")


def test_a_lost_connection_keeps_the_typing_and_sends_it_again(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    page.context.set_offline(True)
    page.keyboard.type("Typed on a train")
    expect(page.locator("#saved")).to_contain_text("kept on this device", timeout=6000)
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "Typed on a train" in kept
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("saved", timeout=9000)
    expect(editor.cell(1, "description")).to_have_value("Typed on a train")
    with company_a.acting():
        assert Draft.objects.get().payload["lines"][0]["description"] == "Typed on a train"


def test_two_people_at_one_draft_choose_field_by_field(
    window: Callable[..., Window], company_a: Cast
) -> None:
    with company_a.acting() as owner:
        draft = draft_invoice(owner, company_a.customer, [line(item=company_a.items[0])])
    mine = window("owner").open(f"/invoices/{draft.pk}/edit/")
    theirs = window("accountant").open(f"/invoices/{draft.pk}/edit/")
    one, other = Editor(mine), Editor(theirs)
    other.cell(1, "quantity").fill("5")
    theirs.locator("#field-reference").fill("THEIRS")
    theirs.locator("[data-save=draft]").click()
    theirs.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}/$"))
    one.cell(1, "unit_price").fill("50")
    mine.locator("#field-reference").fill("MINE")
    mine.locator("[data-save=draft]").click()
    conflict = mine.locator("#conflict")
    expect(conflict.locator("tbody tr")).to_have_count(1)
    expect(conflict).to_contain_text("THEIRS")
    conflict.locator("[data-side=theirs]").click()
    conflict.locator("#conflict-save").click()
    mine.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}/$"))
    with company_a.acting():
        stored = Invoice.objects.get(pk=draft.pk)
        (row,) = stored.lines.all()
        assert (stored.reference, row.quantity, row.unit_price) == ("THEIRS", 5, 50)


def test_a_phone_shows_one_card_per_row_and_the_document_in_a_tab(
    window: Callable[..., Window], company_a: Cast
) -> None:
    page = window(language="ar", width=390, height=844).open("/invoices/new/")
    editor = Editor(page)
    editor.cell(1, "description").fill("خدمة")
    editor.cell(1, "unit_price").fill("10")
    expect(page.locator(".editor-sum--grand .money")).to_contain_text("11.50")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    page.locator("[role=tab][data-pane=document]").click()
    expect(page.locator("#preview-sheet article")).to_be_visible()


def test_only_the_newest_preview_is_shown(page: Page) -> None:
    editor = Editor(page)
    editor.cell(1, "description").click()
    page.keyboard.type("Typing quickly without a pause between the letters", delay=3)
    expect(page.locator("#preview-sheet tr[data-line]")).to_contain_text("between the letters")


def test_the_vat_cell_shows_its_rate_and_the_picker_both_names(page: Page, company_a: Cast) -> None:
    editor = Editor(page)
    mark = page.locator("#line-grid tbody tr:first-child .vat-mark")
    expect(mark).to_have_text("15%")
    editor.cell(1, "description").click()
    page.keyboard.type(company_a.items[0].code)
    expect(page.locator("#picker-list .picker-other").first).to_have_text(
        company_a.items[0].name_arabic
    )
    page.keyboard.press("Enter")
    zero = editor.cell(1, "vat").locator("option", has_text="Z").first.get_attribute("value")
    editor.cell(1, "vat").select_option(zero)
    expect(mark).to_contain_text("0%")
