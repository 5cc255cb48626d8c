"""Creating a draft: all lines at once, checked field by field (IF-5, PS-4, PS-15)."""

import dataclasses
import uuid
from decimal import Decimal

import pytest

from ar.errors import UnknownSalesperson
from ar.models import Invoice
from ar.services.customers import customer_update
from ar.services.invoices import invoice_create
from ar.typed import parse_invoice
from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from documents.errors import UnknownItem, UnknownParty
from inventory.services.items import item_update
from ledger.errors import RateMissing
from tenancy.errors import NoCompany, NotSignedIn, PermissionRefused
from tests.builders import draft_invoice, invoice_payload, line, lines_of, typed_invoice
from tests.database import refuses

pytestmark = pytest.mark.django_db


def test_draft_stores_lines_and_totals(in_company_a, owner):
    invoice = draft_invoice(
        owner,
        in_company_a.customer,
        [line("2", "10.03", item=in_company_a.items[0]), line("1", "50", vat_rate="0")],
    )

    assert (invoice.subtotal, invoice.tax_amount, invoice.total) == (
        Decimal("70.06"),
        Decimal("3.01"),
        Decimal("73.07"),
    )
    assert (invoice.status, invoice.number, invoice.version) == ("draft", "", 1)
    assert [row.net_amount for row in lines_of(invoice)] == [Decimal("20.06"), Decimal("50.00")]
    assert [row.position for row in lines_of(invoice)] == [1, 2]


def test_line_takes_what_is_missing_from_its_item(in_company_a, owner):
    item = in_company_a.items[2]

    (row,) = lines_of(draft_invoice(owner, in_company_a.customer, [line(item=item, vat_rate="0")]))

    assert (
        row.item_id,
        row.item_code,
        row.description,
        row.description_arabic,
        row.unit,
        row.tax_code,
    ) == (
        item.pk,
        item.code,
        item.name,
        item.name_arabic,
        "pcs",
        "SZMED",
    )


def test_item_may_be_named_by_its_code(in_company_a, owner):
    item = in_company_a.items[0]

    (row,) = lines_of(
        draft_invoice(owner, in_company_a.customer, [line(item_code=item.code, description="")])
    )

    assert row.item_id == item.pk


@pytest.mark.parametrize("role", ["owner", "accountant", "sales", "cashier"])
def test_roles_that_sell_create_drafts(company_a, role):
    with company_a.acting(role) as person:
        assert draft_invoice(person, company_a.customer).created_by_id == person.user_id


def test_auditor_creates_nothing(company_a):
    with company_a.acting("auditor") as auditor, refuses(PermissionRefused):
        draft_invoice(auditor, company_a.customer)


def test_nobody_and_somebody_without_a_company_create_nothing(in_company_a, owner):
    typed = typed_invoice(owner, in_company_a.customer)

    with refuses(NotSignedIn):
        invoice_create(typed=typed, actor=None)  # type: ignore[arg-type]  # nobody is signed in
    with refuses(NoCompany):
        invoice_create(typed=typed, actor=dataclasses.replace(owner, company_id=None))


def test_customer_of_another_company_is_unknown(company_a, company_b):
    with company_a.acting() as owner, refuses(UnknownParty, field="customer"):
        draft_invoice(owner, company_b.customer)


def test_unknown_customer_has_the_same_answer(in_company_a, owner):
    in_company_a.customer.pk = uuid.uuid4()

    with refuses(UnknownParty, field="customer"):
        draft_invoice(owner, in_company_a.customer)


def test_item_of_another_company_is_unknown(company_a, company_b):
    with company_a.acting() as owner:
        with refuses(ValidationErrors, field="lines.1.item", code=UnknownItem.code):
            draft_invoice(owner, company_a.customer, [line(), line(item=company_b.items[0])])
        with refuses(ValidationErrors, field="lines.0.item", code=UnknownItem.code):
            draft_invoice(
                owner, company_a.customer, [line(item_code=company_b.items[0].code, description="")]
            )


def test_salesperson_of_another_company_is_unknown(company_a, company_b):
    with company_a.acting() as owner, refuses(UnknownSalesperson, field="salesperson"):
        draft_invoice(owner, company_a.customer, salesperson=company_b.users["sales"].pk)


def test_inactive_customer_and_item_leave_the_pickers(in_company_a, owner):
    customer_update(
        customer_id=in_company_a.other_customer.pk,
        values={"is_active": False},
        version=None,
        actor=owner,
    )
    item_update(
        item_id=in_company_a.items[1].pk, values={"is_active": False}, version=None, actor=owner
    )

    with refuses(UnknownParty, field="customer"):
        draft_invoice(owner, in_company_a.other_customer)
    with refuses(ValidationErrors, field="lines.0.item"):
        draft_invoice(owner, in_company_a.customer, [line(item=in_company_a.items[1])])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": "x"}, "lines"),
        ({"lines": [line("0")]}, "lines.0.quantity"),
        ({"lines": [line("-1")]}, "lines.0.quantity"),
        ({"lines": [line("1", "-0.01")]}, "lines.0.unit_price"),
        ({"lines": [line("1", "NaN")]}, "lines.0.unit_price"),
        ({"lines": [line("1", "1e400")]}, "lines.0.unit_price"),
        ({"lines": [line("1e3")]}, "lines.0.quantity"),
        ({"lines": [line(vat_rate="7")]}, "lines.0.vat_rate"),
        ({"lines": [line(description="")]}, "lines.0.description"),
        ({"lines": [line(description="x" * 501)]}, "lines.0.description"),
        ({"lines": [line(description="a\x00b")]}, "lines.0.description"),
        ({"lines": [line(), line(discount_percent="100.01")]}, "lines.1.discount_percent"),
        ({"customer": ""}, "customer"),
        ({"customer": "17"}, "customer"),
        ({"issue_date": "1446-05-01"}, "issue_date"),
        ({"issue_date": "2025-02-29"}, "issue_date"),
        ({"issue_date": "2026-03-02", "due_date": "2026-03-01"}, "due_date"),
        ({"number": "x" * 61}, "number"),
        ({"notes": "x" * 2001}, "notes"),
        ({"currency": "riyal"}, "currency"),
        ({"exchange_rate": "0"}, "exchange_rate"),
    ],
)
def test_wrong_input_is_refused_at_its_field(in_company_a, owner, fields, field):
    payload = invoice_payload(in_company_a.customer) | fields

    with refuses(ValidationErrors, field=field):
        invoice_create(
            typed=parse_invoice(payload, currency=owner.currency, today=local_today()), actor=owner
        )


def test_all_wrong_fields_are_named_at_once(in_company_a, owner):
    with pytest.raises(ValidationErrors) as refused:
        draft_invoice(
            owner, in_company_a.customer, [line("0"), line(vat_rate="9")], due_date="nonsense"
        )

    assert {e.field for e in refused.value.errors} == {
        "due_date",
        "lines.0.quantity",
        "lines.1.vat_rate",
    }


def test_arabic_digits_are_the_number_they_say(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer, [line("٣", "١٠٫٠٣")])

    assert invoice.subtotal == Decimal("30.09")


def test_foreign_currency_needs_a_rate(in_company_a, owner):
    with refuses(RateMissing, field="exchange_rate"):
        draft_invoice(owner, in_company_a.customer, currency="USD")

    assert draft_invoice(
        owner, in_company_a.customer, currency="USD", exchange_rate="3.7512"
    ).exchange_rate == Decimal("3.7512")


def test_own_currency_has_no_other_rate_than_one(in_company_a, owner):
    with refuses(DomainError, field="exchange_rate", code="wrong_rate"):
        draft_invoice(owner, in_company_a.customer, exchange_rate="3.75")


def test_number_of_statements_does_not_grow_with_the_lines(
    in_company_a, owner, django_assert_max_num_queries
):
    for count in (1, 200):
        rows = [line("1", "3", item=in_company_a.items[0]) for _ in range(count)]
        typed = typed_invoice(owner, in_company_a.customer, rows)
        with django_assert_max_num_queries(9):
            invoice_create(typed=typed, actor=owner)
    assert Invoice.objects.count() == 2
