"""The grid of journals by hand in a real browser: pickers, keys, what is missing, paste, errors in their cells."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.test_editor import PASTE

pytestmark = pytest.mark.django_db(transaction=True)


def cell(page: Page, row: int, field: str) -> Locator:
    return page.locator(f"#line-grid tbody tr:nth-child({row}) [data-field={field}]")


def pick(page: Page, row: int, text: str) -> None:
    cell(page, row, "account").click()
    page.keyboard.type(text)
    expect(page.locator("#picker-list .picker-option").first).to_be_visible()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "rent", "bank"), [("en", "rent", "1130"), ("ar", "ايجارات", "1130")]
)
def test_a_journal_is_typed_balanced_and_posted_by_keyboard(
    window: Callable[..., Window], language: str, rent: str, bank: str
) -> None:
    page = window("accountant", language=language).open("/manual-journals/new/")
    pick(page, 1, rent)
    expect(cell(page, 1, "debit")).to_be_focused()
    page.keyboard.type("1000+150")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "debit")).to_have_value("1150")
    pick(page, 2, bank)
    expect(cell(page, 2, "credit")).to_be_focused()
    page.keyboard.type("1000")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#editor-errors-text")).to_contain_text("150.00")
    cell(page, 2, "credit").fill("")
    page.keyboard.press("=")
    expect(cell(page, 2, "credit")).to_have_value("1150")
    expect(page.locator("#sum-difference")).to_have_text("0.00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/manual-journals/[0-9a-f-]{36}/$"))
    expect(page.locator("h1")).to_contain_text("JV-")


def test_rows_of_a_spreadsheet_are_taken_and_the_unknown_one_is_marked(
    window: Callable[..., Window],
) -> None:
    page = window("accountant").open("/manual-journals/new/")
    cell(page, 1, "account").click()
    page.evaluate(PASTE, "6310\tRent\t500\t\n9999\tNobody\t20\t\nMain cash\tCash\t\t520")
    expect(cell(page, 3, "account")).to_have_value("1110 Main cash")
    expect(cell(page, 3, "credit")).to_have_value("520")
    page.locator("[data-save=post]").click()
    expect(page.locator("#line-grid tbody tr:nth-child(2) .cell-error")).to_contain_text(
        "no such account"
    )
    expect(cell(page, 2, "account")).to_be_focused()


def test_the_grid_fits_a_phone(window: Callable[..., Window]) -> None:
    page = window("accountant", width=390, height=844).open("/manual-journals/new/")

    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    expect(cell(page, 1, "account")).to_be_visible()
