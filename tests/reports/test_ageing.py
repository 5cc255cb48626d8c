"""Aged items of any day: what was open is the control account, whatever was settled, undone or voided since."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ap.models import Supplier
from core.dates import local_today
from payments.models import Allocation
from payments.services.reversing import allocation_undo, payment_void
from reports.selectors.ageing import PAYABLE, RECEIVABLE, aged, control_balance, open_items
from tests.builders import credited_one, line, payment, posted_invoice, voided_invoice
from tests.buying import credited, posted_bill, supplier
from tests.reports.asking import asked, by, tones, total

pytestmark = pytest.mark.django_db

TODAY = local_today()
DAYS = (90, 61, 60, 45, 44, 30, 29, 21, 20, 19, 12, 11, 10, 9, 5, 4, 3, 1, 0)


def day(offset: int) -> dt.date:
    return TODAY - dt.timedelta(days=offset)


def invoice(actor, customer, amount, offset, *, due=0, **fields):
    return posted_invoice(
        actor,
        customer,
        [line("1", amount)],
        issue_date=day(offset).isoformat(),
        due_date=day(due).isoformat(),
        **fields,
    )


@pytest.fixture
def sales_side(in_company_a, owner):
    """Invoices paid in part, wholly, by a credit note, undone, bounced; money on account; a refund."""
    cast = in_company_a
    first = invoice(owner, cast.customer, "1000", 60, due=44)
    second = invoice(owner, cast.customer, "500", 30, due=20)
    third = invoice(owner, cast.other_customer, "200", 29, due=1)
    payment(owner, cast.customer, "400", date=day(21), allocations=[(first, "400")])
    bounced = payment(owner, cast.customer, "750", date=day(20), allocations=[(first, "750")])
    payment_void(payment_id=bounced.pk, actor=owner, date=day(12), reason="No cover")
    undone = payment(owner, cast.other_customer, "230", date=day(19), allocations=[(third, "230")])
    row = Allocation.objects.get(payment_id=undone.pk)
    allocation_undo(allocation_id=row.pk, actor=owner, date=day(10))
    payment(owner, cast.customer, "999.99", date=day(9), strategy="none")
    voided_invoice(owner, cast.customer, issue_date=day(5).isoformat(), due_date=day(4).isoformat())
    credited_one(owner, second)
    payment(owner, cast.customer, "100", date=day(3), direction="out", strategy="none")
    return cast


@pytest.mark.parametrize("offset", DAYS)
def test_receivables_of_any_day_are_the_control_account(sales_side, owner, offset):
    table = asked(owner, "aged-receivables", as_of=day(offset))

    assert tones(table) == []
    assert total(table, "total") == control_balance(RECEIVABLE, day(offset))


@pytest.mark.parametrize("offset", DAYS)
def test_open_items_of_any_day_sum_to_the_ageing(sales_side, offset):
    rows = aged(RECEIVABLE, as_of=day(offset))
    items = open_items(RECEIVABLE, as_of=day(offset))

    for row in rows:
        assert row.total == sum(one.amount for one in items if one.party_id == row.party_id)
    assert {one.party_id for one in items} == {row.party_id for row in rows}


def test_ages_and_credit_stand_in_columns_of_their_own(sales_side, owner):
    table = asked(owner, "aged-receivables", as_of=TODAY)
    of_customer = by(table, "code", "bucket_2")[sales_side.customer.code]

    # due 44 days ago: 1,150.00 less 400.00; the bounced 750.00 counts no more
    assert of_customer == Decimal("750")
    credit = by(table, "code", "credit")[sales_side.customer.code]
    assert credit >= Decimal("999.99")


def test_age_by_document_date_and_own_columns(sales_side, owner):
    table = asked(owner, "aged-receivables", as_of=TODAY, by="document", days="10,59")
    cells = next(r.cells for r in table.rows if r.cells["code"] == sales_side.customer.code)

    assert [one.key for one in table.columns if one.key.startswith("bucket")] == [
        f"bucket_{index}" for index in range(4)
    ]
    assert cells["bucket_3"] == Decimal("750")  # 60 days old


@pytest.fixture
def purchase_side(in_company_a, owner):
    """Bills paid in part, credited; an overpaid supplier."""
    one, other = supplier(owner), supplier(owner, "Najd Print")
    bill = posted_bill(owner, one, issue_date=day(45).isoformat(), due_date=day(30).isoformat())
    posted_bill(owner, other, issue_date=day(20).isoformat())
    payment(owner, one, "50", date=day(29), direction="out", allocations=[(bill, "50")])
    payment(owner, other, "200", date=day(10), direction="out")
    credited(
        owner, posted_bill(owner, other, issue_date=day(8).isoformat()), date=TODAY.isoformat()
    )
    return in_company_a


@pytest.mark.parametrize("offset", DAYS)
def test_payables_of_any_day_are_the_control_account(purchase_side, owner, offset):
    table = asked(owner, "aged-payables", as_of=day(offset))

    assert tones(table) == []
    assert total(table, "total") == control_balance(PAYABLE, day(offset))


def test_statement_closes_with_the_open_items(sales_side, purchase_side, owner):
    for key, party in (
        ("customer-statement", sales_side.customer.code),
        ("customer-statement", sales_side.other_customer.code),
        ("supplier-statement", Supplier.objects.order_by("code")[0].code),
    ):
        for offset in DAYS:
            table = asked(owner, key, party=party, from_=day(50), to=day(min(offset, 49)))
            assert tones(table) == []
            assert table.facts["open"] == table.facts["closing"]


def test_documents_in_another_currency_in_base_and_in_their_own(in_company_a, owner):
    cast = in_company_a
    invoice(owner, cast.customer, "100", 30, due=20, currency="USD", exchange_rate="3.75")
    invoice(owner, cast.customer, "10", 30, due=20)

    base = asked(owner, "aged-receivables")
    own = asked(owner, "aged-receivables", currency_of="USD")

    assert total(base, "total") == Decimal("442.75")
    assert (total(own, "total"), own.currency) == (Decimal("115"), "USD")
    assert tones(base) == []


def test_statements_do_not_grow_with_documents(in_company_a, owner, django_assert_max_num_queries):
    cast = in_company_a
    for offset in range(12):
        invoice(owner, cast.customer, "10", 30 + offset)
    for key in ("aged-receivables", "open-receivables", "aged-payables"):
        with django_assert_max_num_queries(6):
            asked(owner, key, as_of=day(3))
