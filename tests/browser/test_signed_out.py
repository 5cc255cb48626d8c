"""A session that ends while somebody types: nothing typed is lost, and the page says what happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.editor import Editor
from tests.cast import Cast
from tests.factories.tenancy import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(window: Callable[..., Window]) -> Page:
    return window().open("/invoices/new/")


def type_while_signed_out(page: Page, cast: Cast) -> Editor:
    editor = Editor(page)
    editor.cell(1, "description").click()
    editor.type_item(cast.items[0].code, "7")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("Typed while away")
    expect(page.locator("#signed-out")).to_contain_text("kept on this device")
    return editor


def sign_in(page: Page, cast: Cast) -> None:
    page.locator("input[name=email]").fill(cast.users["owner"].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_typing_is_offered_again_after_signing_in(page: Page, company_a: Cast) -> None:
    type_while_signed_out(page, company_a)

    page.locator("#signed-out a").click()
    expect(page.locator(".banner")).to_contain_text("without activity")
    sign_in(page, company_a)

    page.locator("#restore-yes").click()
    restored = Editor(page)
    expect(restored.cell(1, "quantity")).to_have_value("7")
    expect(restored.cell(2, "description")).to_have_value("Typed while away")


def test_open_editor_goes_on_after_signing_in_in_another_tab(page: Page, company_a: Cast) -> None:
    type_while_signed_out(page, company_a)
    page.locator("#signed-out [data-close]").click()

    other = page.context.new_page()
    other.goto(page.url.split("/invoices")[0] + "/sign-in/")
    sign_in(other, company_a)
    other.wait_for_selector("[data-who]")

    expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=15_000)
