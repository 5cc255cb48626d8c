"""105,320 supplier invoices of a utility (data/ap-utility-payments): none lost, totals by vendor, repeats warned of.

The rows of each 200th vendor in the suite; `MIZAN_REALDATA=all` imports the whole file.
"""

import csv
import gzip
import os
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from ap.imports.rows import LAYOUTS
from ap.models import Bill, Supplier, SupplierCredit
from ap.services.imports import REPEATED, BillImportOptions, import_bills
from ledger.models import JournalLine
from reports.verify.run import verify_company
from tests.database import check_now

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]

WHOLE = os.environ.get("MIZAN_REALDATA") == "all"
OPTIONS = BillImportOptions(layout=LAYOUTS["vendors"], post=True)


@pytest.fixture
def rows(shared_data):
    with gzip.open(
        shared_data / "data/ap-utility-payments/supplier_invoices.csv.gz", "rt", encoding="utf-8"
    ) as file:
        found = list(csv.DictReader(file))
    vendors = sorted({row["VendorNum"] for row in found})
    chosen = set(vendors if WHOLE else vendors[::200])
    return [row for row in found if row["VendorNum"] in chosen]


@pytest.fixture
def file(rows, tmp_path):
    path = tmp_path / "invoices.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def signed_totals():
    """Return {vendor: (rows, sum)} of what is stored, credits negative."""
    sums = {}
    for model, sign in ((Bill, 1), (SupplierCredit, -1)):
        found = model.objects.order_by().values("supplier__code")
        for row in found.annotate(n=Count("id"), total=Sum("total")):
            count, total = sums.get(row["supplier__code"], (0, Decimal(0)))
            sums[row["supplier__code"]] = (count + row["n"], total + sign * row["total"])
    return sums


def test_no_row_is_lost_and_every_vendor_adds_up(in_company_a, owner, rows, file):
    problems = []
    result = import_bills(file, OPTIONS, report=problems.append)
    check_now()

    amounts = [Decimal(row["Amount"]) for row in rows]
    assert (result.documents, result.rejected, result.skipped) == (len(rows), 0, 0)
    assert result.bills == sum(amount >= 0 for amount in amounts) == Bill.objects.count()
    assert result.credits == sum(amount < 0 for amount in amounts) == SupplierCredit.objects.count()
    assert result.gross == sum(amounts)
    wanted = {}
    for row in rows:
        count, total = wanted.get(row["VendorNum"], (0, Decimal(0)))
        wanted[row["VendorNum"]] = (count + 1, total + Decimal(row["Amount"]))
    assert signed_totals() == wanted
    assert Supplier.objects.count() == len(wanted)

    # a zero is a bill of nothing: numbered and paid
    zeros = Bill.objects.filter(total=0)
    assert zeros.count() == sum(amount == 0 for amount in amounts)
    assert {bill.status for bill in zeros} <= {"paid"}
    numbers = set(Bill.objects.values_list("supplier_number", flat=True))
    assert {
        row["InvoiceNumber"] for row, amount in zip(rows, amounts, strict=True) if amount >= 0
    } == numbers

    used = Counter((row["VendorNum"], row["InvoiceNumber"]) for row in rows)
    repeats = sum(count - 1 for count in used.values())
    assert repeats == result.warned == len(problems)
    assert all(problem.is_warning for problem in problems)
    warned = {problem.row for problem in problems}
    positive = sum(Decimal(row["Amount"]) >= 0 for n, row in enumerate(rows, 2) if n in warned)
    assert Bill.objects.filter(duplicate_reason=REPEATED).count() == positive

    control = JournalLine.objects.filter(account__role="ap_control")
    sums = control.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    assert sums["credit"] - sums["debit"] == sum(amounts)
    assert [one for one in verify_company(in_company_a.id) if one.count] == []


def test_same_file_again_changes_nothing(in_company_a, owner, rows, file):
    import_bills(file, OPTIONS)

    result = import_bills(file, OPTIONS)

    assert (result.documents, result.skipped) == (0, len(rows))


def test_dry_run_writes_nothing(in_company_a, owner, rows, file):
    result = import_bills(
        file, BillImportOptions(layout=LAYOUTS["vendors"], post=True, dry_run=True)
    )

    assert result.documents == len(rows)
    assert result.gross == sum(Decimal(row["Amount"]) for row in rows)
    assert not Bill.objects.exists()
    assert not Supplier.objects.exists()
