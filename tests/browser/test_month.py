"""A month of accounting.md section 13, clicked through by an accountant: documents, money, bank, period end, VAT, reports.

The figures at the end are the golden ones, read from the pages and from the files an accountant prints.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ar.services.customers import customer_create
from ledger.models import Period
from payments.models import PaymentAccount
from tenancy.models import Membership
from tenancy.services.companies import company_update
from tenancy.services.members import member_change
from tests.browser.conftest import Window
from tests.browser.editor import Editor
from tests.buying import supplier
from tests.cast import Cast
from tests.golden import golden_month

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.realdata]
D = Decimal


def day(number: int) -> str:
    return f"2026-01-{number:02d}"


class Clerk:
    """The accountant's hands: one method for each kind of thing that is entered."""

    def __init__(self, window: Window, cast: Cast) -> None:
        self.window, self.cast = window, cast
        with cast.acting():
            self.accounts = {
                one.code: str(one.pk) for one in PaymentAccount.objects.order_by("code")
            }

    @property
    def page(self) -> Page:
        return self.window.page

    def take(self, text: str) -> None:
        """Type into the field that has the focus and take the first choice."""
        self.page.keyboard.type(text)
        expect(self.page.locator("#picker-list .picker-option").first).to_be_visible()
        self.page.keyboard.press("Enter")

    def posted(self, kind: str) -> str:
        """Post what is in the editor; returns the path of its page."""
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_url(re.compile(rf"/{kind}/[0-9a-f-]{{36}}/$"))
        return self.page.url.removeprefix(self.window.base)

    def journal(self, number: int, text: str, *sides: tuple[str, str, *tuple[str, ...]]) -> None:
        """A journal by hand; sides are (account, signed amount[, VAT code, taxable amount])."""
        page = self.window.open("/manual-journals/new/")
        page.locator("#field-date").fill(day(number))
        page.locator("#field-description").fill(text)
        for row, (account, amount, *tax) in enumerate(sides, start=1):
            cells = page.locator(f"#line-grid tbody tr:nth-child({row})")
            cells.locator("[data-field=account]").click()
            self.take(account)
            if tax:
                cells.locator("[data-field=tax_code]").select_option(tax[0])
                cells.locator("[data-field=taxable_amount]").fill(tax[1])
            side = "credit" if amount.startswith("-") else "debit"
            cell = cells.locator(f"[data-field={side}]")
            cell.fill(amount.removeprefix("-"))
            cell.press("Enter")
        self.posted("manual-journals")

    def cost_of_sale(self, number: int, amount: str) -> None:
        back = amount.startswith("-")
        other = amount.removeprefix("-") if back else f"-{amount}"
        self.journal(number, "Cost", ("5110", amount), ("1310", other))

    def head(self, party: str, name: str, number: int, **fields: str) -> Editor:
        editor = Editor(self.page)
        self.page.locator(f"#field-{party}").click()
        self.take(name)
        self.page.locator("#field-issue_date").fill(day(number))
        for field, value in fields.items():
            control = self.page.locator(f"#field-{field}")
            if field in ("currency", "salesperson"):
                control.select_option(value)
            else:
                control.fill(value)
        return editor

    def line(self, editor: Editor, text: str, quantity: str, price: str, vat: str) -> None:
        editor.cell(1, "description").fill(text)
        editor.cell(1, "quantity").fill(quantity)
        editor.cell(1, "unit_price").fill(price)
        editor.cell(1, "vat").select_option(vat)

    def bill(
        self, number: int, party: str, account: str, amount: str, vat: str = "P15", **more: Any
    ) -> str:
        """A bill of one line; `months` spreads its cost."""
        self.window.open("/bills/new/")
        months = more.pop("months", "")
        editor = self.head("supplier", party, number, **more)
        self.line(editor, "Cost", "1", amount, vat)
        editor.cell(1, "account").click()
        self.take(account)
        if months:
            editor.cell(1, "prepaid_months").fill(months)
        return self.posted("bills")

    def invoice(
        self, number: int, party: str, quantity: str, price: str, vat: str = "S15", **more: Any
    ) -> str:
        self.window.open(more.pop("path", "/invoices/new/"))
        inside = more.pop("prices_include_tax", False)
        editor = self.head("customer", party, number, **more)
        self.line(editor, "Strips", quantity, price, vat)
        if inside:
            self.page.locator("details", has=self.page.locator("#field-notes")).locator(
                "summary"
            ).click()
            self.page.locator("#field-prices_include_tax").check()
        return self.posted("invoices")

    def money(self, number: int, document: str, amount: str, **fields: str) -> None:
        """Take or make a payment from the page of its document."""
        page = self.window.open(document)
        page.locator("a[href*='payments/new']").first.click()
        page.wait_for_selector("#payment-form")
        account = self.accounts[fields.pop("account", "BANK")]
        page.locator("#id_payment_account").select_option(account)
        page.locator("#id_date").fill(day(number))
        for name, value in fields.items():
            control = page.locator(f"#id_{name}")
            if name == "currency":
                control.select_option(value)
            else:
                control.fill(value)
        page.locator("#id_amount").fill(amount)
        page.locator("#id_amount").press("Tab")
        page.wait_for_load_state("networkidle")
        page.locator("#payment-form button[type=submit]").click()
        page.wait_for_url(re.compile(r"^(?!.*payments/new).*$"))


def balances(clerk: Clerk, as_of: str) -> dict[str, Decimal]:
    """Download the trial balance as a file; returns {code: balance}, credits negative."""
    answer = clerk.page.request.get(
        f"{clerk.window.base}/reports/trial-balance/file/csv/?as_of={as_of}"
    )
    assert answer.ok, answer.status
    found = {}
    for row in csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))):
        if re.fullmatch(r"\d{4}", row[0] if row else ""):
            debit, credit = (D(value or "0") for value in row[-2:])
            found[row[0]] = debit - credit
    return {code: balance for code, balance in found.items() if balance}


def goods_in(clerk: Clerk) -> str:
    clerk.journal(1, "Capital", ("1130", "50000"), ("3110", "-50000"))
    rent = clerk.bill(2, "Landlord", "6310", "9000", months="3", supplier_number="R-1")
    clerk.money(2, rent, "10350")
    clerk.journal(3, "Goods received", ("1310", "18000"), ("2130", "-18000"))
    goods = clerk.bill(4, "Pharma", "2130", "18000", supplier_number="P-1")
    clerk.bill(5, "Pharma", "1310", "440", supplier_number="P-2")
    return goods


def sales(clerk: Clerk) -> str:
    seller = str(clerk.cast.users["sales"].pk)
    first = clerk.invoice(6, "amal", "1500", "6.666667", salesperson=seller)
    clerk.cost_of_sale(6, "6286.36")
    medicines = clerk.invoice(8, "amal", "800", "7.5", vat="SZMED")
    clerk.cost_of_sale(8, "3352.73")
    export = clerk.invoice(
        10, "najm", "200", "5", vat="SXG", currency="EUR", exchange_rate="4.0512"
    )
    clerk.cost_of_sale(10, "838.18")
    clerk.money(12, first, "4600")
    clerk.money(20, first, "6900")
    page = clerk.window.open("/commissions/")
    page.locator("form[action$='/approve/'] input[name=date]").fill(day(20))
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)
    give_back(clerk, first, medicines)
    retail = clerk.invoice(23, "amal", "3", "9.99", prices_include_tax=True)
    clerk.cost_of_sale(23, "12.57")
    clerk.money(23, retail, "29.97", account="CARD")
    clerk.journal(
        24,
        "Card settlement",
        ("1130", "29.69"),
        ("6170", "0.24", "P15", "0.24"),
        ("1410", "0.04", "P15", "0.24"),
        ("1150", "-29.97"),
    )
    return export


def give_back(clerk: Clerk, first: str, medicines: str) -> None:
    """150 strips come back; the credit is put on the invoice that is still open."""
    page = clerk.window.open(f"{first}credit/")
    page.locator("#credit-date").fill(day(22))
    page.locator("#credit-reason").fill("150 strips returned")
    page.locator("input[name=quantity]").fill("150")
    page.wait_for_load_state("networkidle")
    page.locator("#credit-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/credit-notes/[0-9a-f-]{36}/$"))
    clerk.cost_of_sale(22, "-628.64")
    note = page.url
    clerk.window.open("/credit-notes/")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_url(re.compile(r"/credit-notes/[0-9a-f-]{36}/$"))
    assert note
    page.locator("form[action*='allocate'] button").click()
    page.wait_for_load_state("networkidle")
    clerk.window.open(medicines)
    expect(page.locator("#section-payments")).to_contain_text("1,150.00")


def purchases(clerk: Clerk, goods: str) -> None:
    page = clerk.window.open("/prepayments/new/")
    page.locator("#id_customer").select_option(str(clerk.cast.customer.pk))
    page.locator("#id_amount").fill("1000")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/edit/$"))
    Editor(page)
    page.locator("#field-issue_date").fill(day(25))
    prepayment = clerk.posted("invoices")
    clerk.money(25, prepayment, "1150")
    hosting = clerk.bill(26, "Hosting", "6430", "2000", vat="PRC", supplier_number="H-1")
    clerk.bill(
        27,
        "Exporter",
        "1310",
        "500",
        vat="PO",
        supplier_number="E-1",
        currency="EUR",
        exchange_rate="4.06",
    )
    clerk.journal(27, "Customs", ("1420", "304.50", "PIMP", "2030"), ("1130", "-304.50"))
    clerk.money(27, hosting, "1900", withholding_tax="100")
    clerk.money(29, goods, "20700")


def month_end(clerk: Clerk, export: str) -> None:
    clerk.money(28, export, "1000", currency="EUR", exchange_rate="4.0620")
    clerk.invoice(30, "amal", "310", "8", vat="SZMED")
    clerk.cost_of_sale(30, "2071.91")
    clerk.journal(30, "Damaged", ("5220", "83.82"), ("1310", "-83.82"))
    page = clerk.window.open("/prepaid/")
    page.locator("form[action$='/prepaid/run/'] button").click()
    page.wait_for_load_state("networkidle")
    page = clerk.window.open("/rates/")
    page.locator("#id_currency").select_option("EUR")
    page.locator("#id_date").fill(day(31))
    page.locator("#id_rate").fill("4.07")
    page.locator("form button[type=submit]").filter(has_text="Save").click()
    page.wait_for_load_state("networkidle")
    with clerk.cast.acting():
        january = Period.objects.get(start_date=day(1)).pk
    page = clerk.window.open(f"/revaluation/{january}/")
    page.locator("form[action*='post'] button").click()
    page.wait_for_load_state("networkidle")


def file_the_return(clerk: Clerk) -> Page:
    page = clerk.window.open("/vat-returns/")
    page.locator("#id_date").fill(day(1))
    page.locator("form[action*='prepare'] button").click()
    page.wait_for_url(re.compile(r"/vat-returns/[0-9a-f-]{36}/$"))
    page.locator("form[action*='/file/'] button").click()
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture
def clerk(window: Callable[..., Window], company_a: Cast) -> Clerk:
    with company_a.acting() as owner:
        for name in ("Landlord", "Pharma"):
            supplier(owner, name)
        supplier(owner, "Hosting", country="IE")
        supplier(owner, "Exporter", country="DE")
        customer_create(values={"name": "Najm Export", "country": "DE"}, actor=owner)
        member_change(
            membership_id=Membership.objects.get(user=company_a.users["sales"]).pk,
            actor_id=owner.user_id,
            commission_percent=D(3),
        )
        company_update(
            company=company_a.company, changes={"vat_period": "month"}, actor_id=owner.user_id
        )
    opened = window("owner")
    # a hundred pages in a row: on a busy machine one of them may take its time
    opened.page.context.set_default_timeout(30_000)
    return Clerk(opened, company_a)


def test_the_month_is_clicked_through_and_ends_with_the_golden_figures(
    clerk: Clerk, shared_data: Path
) -> None:
    golden = golden_month(shared_data)
    goods = goods_in(clerk)
    export = sales(clerk)
    purchases(clerk, goods)
    month_end(clerk, export)
    expected = golden["trial_balance_before_vat_settlement"]
    assert balances(clerk, day(31)) == {code: D(amount) for code, amount in expected.items()}

    page = file_the_return(clerk)
    for text in ("11,026.06", "1,503.91", "4,116.04", "304.50", "8,480.00", "2,916.63"):
        expect(page.locator("main")).to_contain_text(text)
    assert balances(clerk, day(31)) == {k: D(v) for k, v in golden["trial_balance"].items()}

    printed = page.request.get(
        f"{clerk.window.base}/reports/trial-balance/file/pdf/?as_of={day(31)}"
    )
    assert printed.body().startswith(b"%PDF-")
    page = clerk.window.open(f"/reports/profit-and-loss/?from={day(1)}&to={day(31)}")
    expect(page.locator("main")).to_contain_text("4,275.89")
    page = clerk.window.open(f"/reports/aged-receivables/?as_of={day(31)}")
    expect(page.locator("main")).to_contain_text("7,330.00")
    page = clerk.window.open(f"/reports/aged-payables/?as_of={day(31)}")
    expect(page.locator("main")).to_contain_text("2,536.00")
    party = clerk.cast.customer.pk
    address = f"/reports/customer-statement/?party={party}&from={day(1)}&to={day(31)}"
    expect(clerk.window.open(address).locator("main")).to_contain_text("7,330.00")
    assert clerk.window.complaints == []
