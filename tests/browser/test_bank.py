"""Matching a statement by keyboard: confirm, undo, next, all that is sure; in both languages and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from payments.models import BankLine
from tests.browser.conftest import Window
from tests.builders import fresh, posted_invoice
from tests.cast import Cast
from tests.payments.bank import bank_account, mt940

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_statement_is_matched_by_keyboard(
    window: Callable[..., Window], company_a: Cast, tmp_path: Path, language: str
) -> None:
    with company_a.acting() as actor:
        bank_account()
        some = [posted_invoice(actor, company_a.customer) for _ in range(2)]
    statement = tmp_path / "june.sta"
    statement.write_text(
        mt940([("115", f"PAYMENT {some[0].number}"), ("9", "?"), ("115", some[1].number)])
    )
    visitor = window("accountant", language=language)
    page = visitor.open("/bank/")

    page.keyboard.press("n")
    page.locator("input[type=file]").set_input_files(statement)
    page.locator("main form button[type=submit]").click()
    lines = page.locator(".bank-lines tbody tr")
    expect(lines).to_have_count(3)
    expect(page.locator(".bank-panel")).to_contain_text(some[0].number)
    # keys work once the scripts have run
    page.wait_for_load_state("load")

    page.keyboard.press("a")
    expect(lines).to_have_count(2)
    page.keyboard.press("u")
    expect(lines).to_have_count(3)
    page.keyboard.press("s")
    expect(lines.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("k")
    expect(lines.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("b")
    expect(lines).to_have_count(1)

    with company_a.acting():
        assert [fresh(one).status for one in some] == ["paid", "paid"]
        assert BankLine.objects.filter(is_matched=False).count() == 1


def test_matching_works_on_a_phone(
    window: Callable[..., Window], company_a: Cast, tmp_path: Path
) -> None:
    with company_a.acting() as actor:
        bank_account()
        invoice = posted_invoice(actor, company_a.customer)
    statement = tmp_path / "june.sta"
    statement.write_text(mt940([("115", f"PAYMENT {invoice.number}"), ("9", "?")]))
    page = window("accountant", language="ar", width=390, height=840).open("/bank/import/")
    page.locator("input[type=file]").set_input_files(statement)
    page.locator("main form button[type=submit]").click()

    expect(page.locator(".bank-panel")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    page.locator("#accept-1").click()

    expect(page.locator(".bank-lines tbody tr")).to_have_count(1)
    with company_a.acting():
        assert fresh(invoice).status == "paid"
