"""Statements written once, and rows written as they are: the same rows and the same promises as Django's own way."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from ar.models import Invoice
from inventory.models import Item
from tenancy.context import NoCompanyActive
from tenancy.rows import row_update, rows_insert
from tenancy.statements import Statement, slot

pytestmark = pytest.mark.django_db

ITEMS: Statement[Item] = Statement(
    Item, lambda rows: rows.filter(code__any_of=slot("codes")).order_by("code")
)
WITH_PARTY: Statement[Invoice] = Statement(
    Invoice, lambda rows: rows.select_related("customer").filter(pk=slot("id"))
)


def items(*codes: str) -> list[Item]:
    return [Item(code=code, name=f"Item {code}", price=Decimal("1.5")) for code in codes]


def test_rows_are_those_of_the_manager(in_company_a):
    rows_insert(items("T1", "T2", "T3"))

    read = ITEMS.all(codes=["T1", "T3"])

    assert read == list(Item.objects.filter(code__in=["T1", "T3"]).order_by("code"))
    assert vars(read[0]).keys() == vars(Item.objects.get(code="T1")).keys()
    assert ITEMS.all(codes=[]) == []


def test_related_rows_come_along(in_company_a, owner):
    invoice = Invoice(
        customer_id=in_company_a.customer.pk, branch_id=owner.branch_id, issue_date="2026-03-01"
    )
    rows_insert([invoice])

    with CaptureQueriesContext(connection) as captured:
        read = WITH_PARTY.first(id=invoice.pk)
        assert read is not None
        assert read.customer.name == in_company_a.customer.name
    assert len(captured) == 1


def test_only_the_active_company_is_read(company_a, company_b):
    with company_a.scope(), transaction.atomic():
        rows_insert(items("T1"))
    with company_b.scope(), transaction.atomic():
        assert ITEMS.all(codes=["T1"]) == []


def test_nothing_is_read_without_a_company(db):
    with pytest.raises(NoCompanyActive):
        ITEMS.all(codes=["T1"])


def test_several_rows_are_one_statement(in_company_a):
    with CaptureQueriesContext(connection) as captured:
        rows_insert(items(*(f"T{i}" for i in range(50))))
    assert len(captured) == 1
    assert Item.objects.filter(code__startswith="T").filter(~Q(created_at=None)).count() >= 50


@pytest.mark.parametrize("count", [1, 2])
def test_a_float_never_becomes_an_amount(in_company_a, count):
    rows = items("T1", "T2")[:count]
    rows[0].price = 1.5  # type: ignore[assignment]  # what mypy would refuse

    with pytest.raises(TypeError, match="price"):
        rows_insert(rows)


@pytest.mark.parametrize("count", [1, 2])
def test_text_arrives_as_it_was_typed(in_company_a, count):
    rows = items("T1", "T2")[:count]
    for row in rows:
        row.name = "كرسي {\"a\", \\ NULL} 'x'"
    rows_insert(rows)

    assert {row.name for row in ITEMS.all(codes=["T1", "T2"])} == {rows[0].name}


def test_an_empty_text_and_no_text_stay_apart(in_company_a):
    rows = items("T1", "T2")
    rows[0].barcode, rows[1].barcode = "", '"'
    rows_insert(rows)

    assert [row.barcode for row in ITEMS.all(codes=["T1", "T2"])] == ["", '"']


def test_a_statement_names_its_constants(in_company_a):
    with CaptureQueriesContext(connection) as captured:
        Statement(Item, lambda rows: rows.filter(name="100 %", code=slot("code"))).all(code="T1")
    assert "'100 %'" in captured[0]["sql"]


def test_the_table_still_judges_every_row(in_company_a):
    rows_insert(items("T1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert(items("T2", "T1"))
    assert len(ITEMS.all(codes=["T2"])) == 0


def test_an_update_writes_only_what_is_named(in_company_a):
    (item,) = items("T1")
    rows_insert([item])
    item.name, item.price = "Other", Decimal(9)

    row_update(item, ("name",))

    stored = Item.objects.get(pk=item.pk)
    assert (stored.name, stored.price) == ("Other", Decimal("1.5"))


def test_an_update_of_a_row_that_is_gone_says_so(in_company_a):
    (item,) = items("T1")
    with pytest.raises(DatabaseError):
        row_update(item, ("name",))


def test_a_row_of_another_company_is_not_updated(company_a, company_b):
    with company_a.scope(), transaction.atomic():
        (item,) = items("T1")
        rows_insert([item])
    item.name = "Other"
    with company_b.scope(), pytest.raises(DatabaseError), transaction.atomic():
        row_update(item, ("name",))


@pytest.mark.parametrize("count", [1, 3])
def test_structures_arrive_as_they_are(in_company_a, owner, count):
    seller = {"name": 'مؤسسة "النور" \\ {1}', "lines": ["a", None]}
    rows = [
        Invoice(
            customer_id=in_company_a.customer.pk,
            branch_id=owner.branch_id,
            issue_date="2026-03-01",
            seller=seller,
            buyer={"number": index},
        )
        for index in range(count)
    ]
    rows_insert(rows)

    stored = Invoice.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert [(row.seller, row.buyer) for row in stored] == [(seller, row.buyer) for row in rows]


def test_computed_columns_are_on_the_row(in_company_a, owner):
    invoice = Invoice(
        customer_id=in_company_a.customer.pk, branch_id=owner.branch_id, issue_date="2026-03-01"
    )
    invoice.pk = uuid.uuid4()
    rows_insert([invoice])

    assert (invoice.open_amount, invoice.is_posted) == (Decimal(0), False)
