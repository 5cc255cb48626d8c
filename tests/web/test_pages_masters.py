"""Customers, items, periods, rates, commissions and the audit trail on screen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from ar.models import Customer
from ar.services.customers import customer_update
from commissions.models import CommissionSnapshot
from inventory.models import Item
from ledger.models import ExchangeRate, JournalEntry, Period
from tenancy.models import User
from tests.ar.signed_in import signed_in
from tests.builders import line, paid_invoice, payment, posted_invoice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

CUSTOMER = {"name": "Noor Pharmacy", "country": "sa", "language": "ar", "is_active": "on"}


def test_customer_is_added_and_found_in_arabic(company_a):
    client = signed_in(company_a, "sales")

    answer = client.post(reverse("ar:customer-create"), CUSTOMER | {"name_arabic": "صيدلية النور"})

    assert answer.status_code == 302
    listed = client.get(reverse("ar:customer-list"), {"q": "النور"})
    assert [row.customer.name for row in listed.context["rows"]] == ["Noor Pharmacy"]
    assert listed.context["rows"][0].customer.country == "SA"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A\x00B"),
        ("vat_number", "12345"),
        ("credit_limit", "NaN"),
        ("credit_limit", "-1"),
        ("payment_terms_days", "1e3"),
        ("email", "nobody"),
        ("notes", "x" * 2001),
    ],
)
def test_wrong_customer_is_refused_at_its_field(company_a, field, value):
    answer = signed_in(company_a).post(reverse("ar:customer-create"), CUSTOMER | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with company_a.acting():
        assert not Customer.objects.filter(name="Noor Pharmacy").exists()


def test_used_code_is_refused_at_the_code(company_a):
    answer = signed_in(company_a).post(
        reverse("ar:customer-create"), CUSTOMER | {"code": company_a.customer.code}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["code"]


def test_stale_customer_form_is_refused(company_a):
    customer = company_a.customer
    with company_a.acting() as actor:
        customer_update(
            customer_id=customer.pk, values={"city": "Jeddah"}, version=None, actor=actor
        )

    answer = signed_in(company_a).post(
        reverse("ar:customer-edit", args=[customer.pk]),
        CUSTOMER | {"code": customer.code, "version": customer.version},
    )

    assert answer.status_code == 422
    with company_a.acting():
        assert Customer.objects.get(pk=customer.pk).city == "Jeddah"


def test_customer_page_shows_balance_and_statement(company_a):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer)

    page = signed_in(company_a, "sales").get(
        reverse("ar:customer-detail", args=[company_a.customer.pk])
    )

    assert page.context["balance"] == Decimal("115")
    assert [row.source_number for row in page.context["statement"].lines] == [invoice.number]


def test_item_takes_category_and_rate_from_its_vat_code(company_a):
    answer = signed_in(company_a).post(
        reverse("inventory:item-create"),
        {
            "code": "GLOVES",
            "name": "Gloves",
            "kind": "goods",
            "unit": "box",
            "price": "18.125",
            "tax_code": "SZMED",
            "is_active": "on",
        },
    )

    assert answer.status_code == 302
    with company_a.acting():
        item = Item.objects.get(code="GLOVES")
    assert (item.tax_category, item.tax_rate, item.price) == ("Z", 0, Decimal("18.125"))


def test_reader_sees_an_item_but_does_not_change_it(company_a):
    item = company_a.items[0]
    client, address = (
        signed_in(company_a, "cashier"),
        reverse("inventory:item-edit", args=[item.pk]),
    )

    page = client.get(address)
    refused = client.post(address, {"name": "Other"})

    assert page.status_code == 200
    assert all(field.disabled for field in page.context["form"].fields.values())
    assert refused.status_code in (403, 422)
    with company_a.acting():
        assert Item.objects.get(pk=item.pk).name == item.name


def test_closed_period_takes_no_posting_until_it_is_open_again(company_a):
    client = signed_in(company_a, "accountant")
    with company_a.acting():
        period = Period.objects.order_by("start_date").first()
    address = reverse("ledger:period-state", args=[period.pk])

    closed = client.post(address, {"state": "closed"})
    with company_a.acting():
        state = Period.objects.get(pk=period.pk).state
    wrong = client.post(address, {"state": "ajar"})
    by_accountant = client.post(address, {"state": "open", "reason": "A late bill"})
    owner = signed_in(company_a, "owner")
    unsaid = owner.post(address, {"state": "open"})
    owner.post(address, {"state": "open", "reason": "A late bill"})

    assert (closed.status_code, state) == (302, "closed")
    assert (wrong.status_code, by_accountant.status_code, unsaid.status_code) == (422, 403, 422)
    with company_a.acting():
        assert Period.objects.get(pk=period.pk).state == "open"


def test_auditor_reads_periods_but_closes_none(company_a):
    client = signed_in(company_a, "auditor")
    with company_a.acting():
        period = Period.objects.first()

    assert client.get(reverse("ledger:period-list")).status_code == 200
    answer = client.post(reverse("ledger:period-state", args=[period.pk]), {"state": "closed"})
    assert answer.status_code == 403


def test_rate_is_stored_and_checked(company_a):
    client, address = signed_in(company_a), reverse("ledger:rate-create")
    typed = {"currency": "USD", "date": "2026-01-05", "rate": "3.75"}

    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed | {"rate": "0", "date": "2026-01-06"}).status_code == 422
    with company_a.acting():
        assert ExchangeRate.objects.get().rate == Decimal("3.75")


def test_account_page_runs_the_balance_and_opens_with_what_was_before(company_a):
    with company_a.acting() as actor:
        posted_invoice(actor, company_a.customer)
        posted_invoice(actor, company_a.customer, [line("2", "100")])
        entry = JournalEntry.objects.order_by("id").first()
        account = entry.lines.order_by("position").first().account_id
    address = reverse("ledger:account", args=[account])
    client = signed_in(company_a)

    ledger = client.get(address).context["ledger"]
    later = client.get(address, {"from": "2099-01-01"}).context["ledger"]

    assert [row.balance for row in ledger.lines] == [Decimal("115"), Decimal("345")]
    assert (ledger.opening, ledger.closing) == (0, Decimal("345"))
    assert (later.opening, later.count, later.closing) == (Decimal("345"), 0, Decimal("345"))


def test_sales_sees_own_commissions_and_owner_approves(company_a):
    with company_a.acting() as actor:
        paid_invoice(actor, company_a.customer, salesperson=company_a.users["sales"].pk)
        paid_invoice(actor, company_a.customer, salesperson=company_a.users["owner"].pk)
        mine = CommissionSnapshot.objects.get(salesperson=company_a.users["sales"])
    sales, owner = signed_in(company_a, "sales"), signed_in(company_a)
    address = reverse("commissions:commission-list")

    own, everyone = sales.get(address), owner.get(address)
    refused = sales.post(reverse("commissions:approve", args=[mine.pk]))
    approved = owner.post(reverse("commissions:approve", args=[mine.pk]))

    assert own.context["summary"].commission == Decimal("7.5")
    assert everyone.context["summary"].count == 2
    assert everyone.context["summary"].average_percent == Decimal("13.75")
    assert (refused.status_code, approved.status_code) == (403, 302)
    with company_a.acting():
        assert CommissionSnapshot.objects.get(pk=mine.pk).status == "approved"


def test_invoice_that_nobody_sold_says_why_it_bears_no_commission(company_a):
    with company_a.acting() as actor:
        unsold = paid_invoice(actor, company_a.customer)
        sold = posted_invoice(actor, company_a.customer, salesperson=company_a.users["sales"].pk)
    client = signed_in(company_a)

    pages = [
        client.get(reverse("commissions:invoice-section", args=[one.pk])).content.decode()
        for one in (unsold, sold)
    ]

    assert "No salesperson, so no commission." in pages[0]
    assert "It is stored when the invoice is paid in full." in pages[1]


def test_amounts_of_the_history_are_written_as_on_paper(company_a):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer, [line("3", "22.4")])
        payment(actor, company_a.customer, "77.28", allocations=[(invoice, "77.28")])

    page = signed_in(company_a).get(reverse("audit:entity", args=["ar.invoice", invoice.pk]))

    changes = [one for found in page.context["happenings"] for one in found.changes]
    assert any(one.new.endswith("· 3 · 22.40") for one in changes)
    assert {(one.label, one.old, one.new) for one in changes} >= {
        ("Open", "77.28", "0.00"),
        ("Settled", "0.00", "77.28"),
    }


def test_prepayment_names_customers_in_the_language_of_the_page(company_a):
    with company_a.acting():
        User.objects.filter(pk=company_a.users["owner"].pk).update(language="ar")
        Customer.objects.filter(pk=company_a.customer.pk).update(name_arabic="صيدلية النور")
    cache.clear()

    page = signed_in(company_a).get(reverse("ar:prepayment-create")).content.decode()

    assert f"{company_a.customer.code} صيدلية النور" in page


def test_history_says_who_changed_what_from_and_to(company_a):
    with company_a.acting("accountant") as actor:
        customer_update(
            customer_id=company_a.customer.pk,
            values={"city": "Jeddah"},
            version=None,
            actor=actor,
        )

    page = signed_in(company_a).get(
        reverse("audit:entity", args=["ar.customer", company_a.customer.pk])
    )

    newest = page.context["happenings"][0]
    assert (newest.who, newest.entry.action) == ("Accountant", "UPDATE")
    assert [(one.label, one.old, one.new) for one in newest.changes] == [
        ("City", "Riyadh", "Jeddah")
    ]


def test_log_is_filtered_and_paged_by_key(company_a):
    with company_a.acting("accountant") as actor:
        for _n in range(20):
            posted_invoice(actor, company_a.customer)
    client, address = signed_in(company_a, "auditor"), reverse("audit:log")

    first = client.get(address)
    older = client.get(f"{address}?{first.context['older']}")
    invoices = client.get(
        address, {"kind": "ar.invoice", "actor": company_a.users["accountant"].pk}
    )

    seen = [one.entry.pk for one in first.context["happenings"]]
    then = [one.entry.pk for one in older.context["happenings"]]
    assert len(seen) == 50
    assert not set(seen) & set(then)
    assert {one.entry.entity_type for one in invoices.context["happenings"]} == {"ar.invoice"}
    assert {one.who for one in invoices.context["happenings"]} == {"Accountant"}
