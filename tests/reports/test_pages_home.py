"""Home page and balances: right figures, the same statements at any size (RR-11)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.dates import local_today
from reports.chart import HEIGHT, bars, short_figure
from reports.selectors.customers import customer_balances
from tests.ar.signed_in import signed_in
from tests.builders import days_ago, draft_invoice, line, payment, posted_invoice, voided_invoice
from tests.buying import posted_bill, supplier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

PAGES = (
    "reports:dashboard",
    "reports:trial-balance",
    "reports:customer-balances",
    "ar:customer-list",
    "payments:payment-list",
    "ledger:journal-list",
    "audit:log",
    "commissions:commission-list",
)


def statements(client, address):
    client.get(address)  # the principal is in the cache from here on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_home_shows_counts_and_totals_by_state(company_a):
    with company_a.acting() as actor:
        draft_invoice(actor, company_a.customer)
        posted_invoice(actor, company_a.customer)
        posted_invoice(actor, company_a.customer, [line("2", "100")])

    answer = signed_in(company_a).get(reverse("reports:dashboard"))

    found = {row.status: (row.count, row.total) for row in answer.context["statuses"]}
    assert found == {"draft": (1, Decimal("115")), "posted": (2, Decimal("345"))}
    assert answer.context["open_amount"] == Decimal("345")
    assert answer.context["months"][-1]["sales"].amount == Decimal("300")


def test_returned_goods_lower_the_sales_of_the_month(company_a):
    with company_a.acting() as actor:
        posted_invoice(actor, company_a.customer)
        voided_invoice(actor, company_a.customer)

    answer = signed_in(company_a).get(reverse("reports:dashboard"))

    assert answer.context["month"]["sales"].amount == Decimal("100")


def test_statements_do_not_grow_with_documents(company_a):
    client = signed_in(company_a)
    with company_a.acting() as actor:
        for _n in range(2):
            posted_invoice(actor, company_a.customer)
        payment(actor, company_a.customer, "115")
    few = {name: statements(client, reverse(name)) for name in PAGES}
    with company_a.acting() as actor:
        for _n in range(12):
            posted_invoice(actor, company_a.other_customer)
        for _n in range(4):
            payment(actor, company_a.other_customer, "115")

    many = {name: statements(client, reverse(name)) for name in PAGES}

    assert many == few
    assert max(many.values()) <= 10


def test_customer_balances_sum_to_the_control_account(company_a):
    with company_a.acting() as actor:
        posted_invoice(actor, company_a.customer)
        posted_invoice(actor, company_a.other_customer, [line("3", "10")])
        payment(actor, company_a.customer, "200")

        found = customer_balances(local_today())

    by_customer = {row.customer_id: row.balance for row in found.rows}
    assert by_customer == {
        company_a.customer.pk: Decimal("-85"),
        company_a.other_customer.pk: Decimal("34.5"),
    }
    assert found.total == found.control == Decimal("-50.5")
    assert found.difference == 0


def test_palette_finds_numbers_names_and_amounts(company_a):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer, [line("1", "123.45")])
    client = signed_in(company_a)
    address = reverse("reports:palette-search")

    for typed in (
        invoice.number,
        company_a.customer.name_arabic,
        str(invoice.total.quantize(Decimal("0.01"))),
    ):
        results = client.get(address, {"q": typed}).json()["results"]
        assert results, typed
    assert client.get(address, {"q": "x"}).json() == {"results": []}


def test_bars_stand_on_the_ground_and_run_from_the_right_in_arabic():
    amounts = [Decimal(10), Decimal(0), Decimal(-5), Decimal(20)]

    latin, arabic = bars(amounts), bars(amounts, rtl=True)

    assert [bar.height for bar in latin] == [HEIGHT // 2, 0, 0, HEIGHT]
    assert all(bar.y + bar.height == HEIGHT for bar in latin)
    assert [bar.x for bar in arabic] == [bar.x for bar in reversed(latin)]


@pytest.mark.parametrize(
    ("amount", "text"), [("950", "950"), ("182344.10", "182k"), ("1250000", "1.2M")]
)
def test_short_figures_at_bars(amount, text):
    assert short_figure(Decimal(amount)) == text


def test_short_figures_are_said_in_arabic():
    assert short_figure(Decimal("182344.10"), "ar") == "182 ألف"
    assert short_figure(Decimal("1250000"), "ar") == "1.2 مليون"


def test_home_shows_cash_payables_and_vat_to_those_who_see_the_books(company_a):
    with company_a.acting() as actor:
        posted_invoice(actor, company_a.customer)
        payment(actor, company_a.customer, "40")
        posted_bill(actor, supplier(actor), due_date=days_ago(0), issue_date=days_ago(9))
        posted_bill(actor, supplier(actor, "Late"), due_date=days_ago(3), issue_date=days_ago(9))

    answer = signed_in(company_a).get(reverse("reports:dashboard"))
    books = answer.context["books"]

    assert (books.cash, books.payables, books.vat_due) == (
        Decimal("40"),
        Decimal("230"),
        Decimal("-15"),
    )
    assert answer.context["bills_overdue"] == 1
    assert signed_in(company_a, "sales").get(reverse("reports:dashboard")).context["books"] is None
