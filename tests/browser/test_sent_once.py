"""Two clicks are one: forms and the editor send once while the first answer is under way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ar.models import Customer, Invoice
from tests.browser.conftest import Window
from tests.browser.editor import Editor
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

TWICE = "(element) => { element.click(); element.click(); }"


def test_a_form_is_sent_once(window: Callable[..., Window], company_a: Cast) -> None:
    page = window().open("/customers/new/")
    page.locator("input[name=name]").fill("Twice Trading")

    page.locator("main form button[type=submit]").first.evaluate(TWICE)

    page.wait_for_url(lambda url: "/new/" not in url)
    page.wait_for_load_state("networkidle")
    with company_a.acting():
        assert Customer.objects.filter(name="Twice Trading").count() == 1


def test_a_refused_form_can_be_sent_again(window: Callable[..., Window]) -> None:
    page = window().open("/customers/new/")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()

    page.locator("input[name=name]").fill("Once Trading")
    page.locator("main form button[type=submit]").first.click()

    page.wait_for_url(lambda url: "/new/" not in url)


def test_posting_is_done_once(window: Callable[..., Window], company_a: Cast) -> None:
    page = window().open("/invoices/new/")
    editor = Editor(page)
    editor.choose_customer("amal")
    editor.cell(1, "description").click()
    editor.type_item(company_a.items[0].code, "7")

    page.locator("[data-save=post]").first.evaluate(TWICE)

    page.wait_for_url(lambda url: "/new/" not in url)
    with company_a.acting():
        assert Invoice.objects.count() == 1
