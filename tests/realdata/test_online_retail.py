"""A real retailer's documents through the product's own import: every total agrees to the cent (RR-12)."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from ar.imports.columns import ImportRules
from ar.imports.layouts import ONLINE_RETAIL
from ar.models import CreditNote, CreditNoteLine, Customer, Invoice, InvoiceLine
from ar.services.imports import ImportOptions, import_file
from inventory.models import Item
from ledger.models import AccountBalance
from reports.verify.run import verify_company, verify_database

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]


@pytest.fixture
def retail(shared_data):
    return shared_data / "data" / "online-retail"


def run(retail, last_day, **options):
    return import_file(
        retail / "lines.csv.gz",
        ImportOptions(ONLINE_RETAIL, ImportRules("SAR", 15, None, last_day), post=True, **options),
    )


def expected(retail, last_day):
    with gzip.open(retail / "document_totals.csv.gz", "rt", encoding="utf-8") as file:
        return {
            row["InvoiceNo"]: (Decimal(row["Net2dp"]), Decimal(row["Vat15"]), int(row["Lines"]))
            for row in csv.DictReader(file)
            if row["FirstDate"][:10] <= last_day.isoformat()
        }


def stored():
    found = {}
    for model, sign in ((Invoice, 1), (CreditNote, -1)):
        for number, net, vat, lines in model.objects.values_list(
            "number", "subtotal", "tax_amount", "line_count"
        ):
            found[number] = (sign * net, sign * vat, lines)
    return found


def receivables():
    sums = AccountBalance.objects.filter(account__role="ar_control").aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    return sums["debit"] - sums["credit"]


def breaches(company):
    return [
        (outcome.check.name, outcome.breaches)
        for outcomes in (verify_database(), verify_company(company.id))
        for outcome in outcomes
        if outcome.count
    ]


def trial_balance():
    sums = AccountBalance.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return sums["debit"] - sums["credit"]


def test_the_first_day_agrees_document_by_document(company_a, retail):
    day = dt.date(2010, 12, 1)
    with company_a.scope(), transaction.atomic():
        result = run(retail, day)
        assert (result.documents, result.lines, result.rejected) == (143, 3108, 0)
        assert (result.net, result.vat, result.gross) == (
            Decimal("58635.56"),
            Decimal("8795.38"),
            Decimal("67430.94"),
        )
        assert stored() == expected(retail, day)
        assert receivables() == result.gross
        assert trial_balance() == 0
        # six cancellations and a write-off at price zero
        assert CreditNote.objects.count() == 7
        assert InvoiceLine.objects.count() + CreditNoteLine.objects.count() == 3108
    assert breaches(company_a) == []


def test_importing_again_doubles_nothing(company_a, retail):
    day = dt.date(2010, 12, 1)
    with company_a.scope(), transaction.atomic():
        run(retail, day)
        before = stored(), receivables(), Customer.objects.count(), Item.objects.count()
        again = run(retail, day)
        assert (again.documents, again.skipped, again.rejected) == (0, 143, 0)
        assert (stored(), receivables(), Customer.objects.count(), Item.objects.count()) == before


def test_a_dry_run_says_the_same_and_writes_nothing(company_a, retail):
    with company_a.scope(), transaction.atomic():
        result = run(retail, dt.date(2010, 12, 1), dry_run=True)
        assert (result.documents, result.net) == (143, Decimal("58635.56"))
        assert not Invoice.objects.exists()
        assert not Item.objects.filter(code="85123A").exists()


def test_quirks_are_kept(company_a, retail):
    with company_a.scope(), transaction.atomic():
        run(retail, dt.date(2010, 12, 1))
        # 536409 repeats lines; 536414 has no customer, no description and no price
        assert InvoiceLine.objects.filter(document__number="536409").count() == 58
        free = Invoice.objects.get(number="536414")
        assert (free.total, free.status, free.customer.is_cash) == (0, "paid", True)
        # it takes the name its item has elsewhere
        assert (
            InvoiceLine.objects.get(document=free).description == "RETROSPOT TEA SET CERAMIC 11 PC"
        )
        credit = CreditNote.objects.get(number="C536379")
        assert (credit.subtotal, credit.status) == (Decimal("27.50"), "posted")


def test_the_statements_of_a_batch_do_not_grow_with_its_lines(
    company_a, retail, django_assert_max_num_queries
):
    with company_a.scope(), transaction.atomic(), django_assert_max_num_queries(60):
        run(retail, dt.date(2010, 12, 1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_first_month_agrees_and_verifies(company_a, retail):
    day = dt.date(2010, 12, 23)
    with company_a.scope():
        result = run(retail, day)
        assert (result.documents, result.lines, result.rejected) == (2025, 42481, 0)
        assert (result.net, result.vat, result.gross) == (
            Decimal("748957.02"),
            Decimal("112344.35"),
            Decimal("861301.37"),
        )
        with transaction.atomic():
            assert stored() == expected(retail, day)
            assert receivables() == result.gross
            assert trial_balance() == 0
    connection.close()
    assert breaches(company_a) == []
