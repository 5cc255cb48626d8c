"""A real history of invoices and payments, replayed through the services: first in first out, last in first out, and as
recorded, equal row by row to the expected allocations (SP-5).

Each ninth customer in the suite; `MIZAN_REALDATA=all` replays all 66. The years are moved by twelve, so that the
days exist in the product's calendar and leap days stay.
"""

import csv
import datetime as dt
import gzip
import os
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import Invoice
from ledger.services.periods import periods_open_year
from payments.models import Allocation, Payment
from reports.selectors.ageing import RECEIVABLE, aged
from reports.verify.run import verify_company
from tests.builders import line, payment, posted_invoice
from tests.database import check_now
from tests.factories.ar import customer_make

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]

MOVED_YEARS = 12
EVERY = 1 if os.environ.get("MIZAN_REALDATA") == "all" else 9


def moved(text):
    day = dt.date.fromisoformat(text)
    return day.replace(year=day.year + MOVED_YEARS)


def rows_of(folder, name):
    with gzip.open(folder / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def history(shared_data):
    """The invoices by customer, of the customers replayed."""
    by_customer = defaultdict(list)
    for row in rows_of(shared_data / "data" / "ar-late-payments", "invoices.csv.gz"):
        by_customer[row["CustomerID"]].append(row)
    chosen = sorted(by_customer)[::EVERY]
    return {key: by_customer[key] for key in chosen}


@pytest.fixture
def books(in_company_a, owner, history):
    """Every invoice posted under its own number; returns (customer, {number: invoice})."""
    for year in range(2024, 2027):
        periods_open_year(year=year)
    made = {}
    for key, rows in history.items():
        customer = customer_make(owner, name=key, vat_number="")
        made[key] = (
            customer,
            {
                row["InvoiceNumber"]: posted_invoice(
                    owner,
                    customer,
                    [line("1", row["InvoiceAmount"], vat_rate="0")],
                    number=row["InvoiceNumber"],
                    issue_date=moved(row["InvoiceDate"]).isoformat(),
                    due_date=moved(row["DueDate"]).isoformat(),
                )
                for row in sorted(rows, key=lambda row: row["InvoiceDate"])
            },
        )
    check_now()
    return made


def payments_of(rows):
    """Return (day, [invoice rows]) as recorded: what was settled on one day is one payment."""
    days = defaultdict(list)
    for row in rows:
        days[moved(row["SettledDate"])].append(row)
    return sorted(days.items())


def stored(names):
    return sorted(
        (names[customer], day, number, amount)
        for customer, day, number, amount in Allocation.objects.values_list(
            "customer_id", "payment__date", "invoice__number", "amount"
        )
    )


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("fifo_by_issue_date", "allocations_fifo"), ("lifo_by_issue_date", "allocations_lifo")],
)
def test_replay_equals_the_expected_rows(
    in_company_a, owner, shared_data, history, books, strategy, expected
):
    folder = shared_data / "data" / "ar-late-payments"
    for key, rows in history.items():
        for day, settled in payments_of(rows):
            amount = sum(Decimal(row["InvoiceAmount"]) for row in settled)
            payment(owner, books[key][0], amount, date=day, strategy=strategy)
        check_now()

    names = {customer.pk: key for key, (customer, _) in books.items()}
    wanted = sorted(
        (row["CustomerID"], moved(row["PaymentDate"]), row["InvoiceNumber"], Decimal(row["Amount"]))
        for row in rows_of(folder, f"{expected}.csv.gz")
        if row["CustomerID"] in history
    )
    assert stored(names) == wanted
    assert not Invoice.objects.exclude(status="paid").exists()
    assert Payment.objects.aggregate(rest=Sum("open_amount"))["rest"] == 0


def assert_ageing(folder, names):
    """Compare what was open by customer and age on the four days with the known answers."""
    with (folder / "aging_by_customer.csv").open(encoding="utf-8") as file:
        known = [row for row in csv.DictReader(file) if row["CustomerID"] in names.values()]
    columns = ("NotDue", "Days1_30", "Days31_60", "Days61_90", "Over90", "Total")
    wanted = {
        (row["AsOf"], row["CustomerID"]): tuple(Decimal(row[column]) for column in columns)
        for row in known
    }
    found = {
        (day, names[one.party_id]): (*one.buckets, one.total)
        for day in ("2012-06-30", "2012-12-31", "2013-06-30", "2013-12-31")
        for one in aged(RECEIVABLE, as_of=moved(day))
    }
    assert wanted
    assert found == {key: amounts for key, amounts in wanted.items() if any(amounts)}


def test_recorded_payments_settle_their_own_invoices(
    in_company_a, owner, shared_data, history, books
):
    for key, rows in history.items():
        customer, invoices = books[key]
        for day, settled in payments_of(rows):
            parts = [(invoices[row["InvoiceNumber"]], row["InvoiceAmount"]) for row in settled]
            amount = sum(Decimal(row["InvoiceAmount"]) for row in settled)
            payment(owner, customer, amount, date=day, allocations=parts)
        check_now()

    names = {customer.pk: key for key, (customer, _) in books.items()}
    assert stored(names) == sorted(
        (key, moved(row["SettledDate"]), row["InvoiceNumber"], Decimal(row["InvoiceAmount"]))
        for key, rows in history.items()
        for row in rows
    )
    assert [one for one in verify_company(in_company_a.id) if one.count] == []
    assert_ageing(shared_data / "data" / "ar-late-payments", names)
