"""Steps of somebody at the editor, in keys, for the browser tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Editor:
    """The invoice editor in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector("html[data-editor=ready]")

    def cell(self, row: int, field: str) -> Locator:
        """Return a cell of the grid, rows from 1."""
        return self.page.locator(f"#line-grid tbody tr:nth-child({row}) [data-field={field}]")

    def choose_customer(self, text: str) -> None:
        """Type into the customer field and take the first choice with Enter."""
        self.page.locator("#field-customer").click()
        self.page.keyboard.type(text)
        expect(self.page.locator("#picker-list .picker-option").first).to_be_visible()
        self.page.keyboard.press("Enter")

    def type_item(self, code: str, quantity: str) -> None:
        """In the description cell that has the focus: find an item, give its quantity, go to the next row."""
        keyboard = self.page.keyboard
        keyboard.type(code)
        keyboard.press("Enter")
        expect(self.page.locator("[data-field=quantity]:focus")).not_to_have_value("")
        keyboard.type(quantity)
        keyboard.press("Enter")

    def total(self, text: str) -> None:
        """Wait until the sheet and the foot of the grid show the total."""
        expect(self.page.locator(".editor-sum--grand .money")).to_contain_text(text)
        expect(self.page.locator("#preview-sheet .grand")).to_contain_text(text)
