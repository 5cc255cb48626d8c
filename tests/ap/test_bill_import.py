"""Import of bills: VAT inside the totals, wrong rows named, nothing written twice."""

from decimal import Decimal

import pytest

from ap.errors import UnknownAccount
from ap.imports.rows import LAYOUTS, MissingColumns
from ap.models import Bill, SupplierCredit
from ap.services.imports import BillImportOptions, import_bills
from inventory.services.lines import UnknownTaxCode
from tests.buying import journal, posted_bill, supplier
from tests.database import check_now

pytestmark = pytest.mark.django_db

HEAD = "supplier,supplier_name,date,due_date,number,amount,description\n"


@pytest.fixture
def file(tmp_path):
    def write(*rows, head=HEAD):
        path = tmp_path / "bills.csv"
        path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return path

    return write


def options(**fields):
    return BillImportOptions(layout=LAYOUTS["general"], **{"post": True, **fields})


def test_vat_is_taken_out_of_the_totals(in_company_a, owner, file):
    path = file(
        "V1,Gulf Rentals,2026-01-05,2026-02-05,R-1,115.00,January", "V1,,2026-01-06,,R-2,-11.50,"
    )

    result = import_bills(path, options(tax_code="P15", account="6310"))
    check_now()

    assert (result.bills, result.credits, result.net, result.vat) == (
        1,
        1,
        Decimal(90),
        Decimal("13.50"),
    )
    bill = Bill.objects.get()
    assert (bill.number, bill.supplier.name, bill.due_date.isoformat()) == (
        "BILL-2026-00001",
        "Gulf Rentals",
        "2026-02-05",
    )
    assert journal(bill) == {
        "6310": (Decimal(100), Decimal(0)),
        "1410": (Decimal(15), Decimal(0)),
        "2110": (Decimal(0), Decimal(115)),
    }
    assert journal(SupplierCredit.objects.get())["2110"] == (Decimal("11.50"), Decimal(0))


def test_drafts_have_no_number_and_no_journal(in_company_a, owner, file):
    import_bills(file("V1,,2026-01-05,,R-1,115,"), options(post=False))

    assert list(Bill.objects.values_list("status", "number")) == [("draft", "")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",,2026-01-05,,R-1,115,", "supplier"),
        ("V1,,5 January,,R-1,115,", "date"),
        ("V1,,1999-01-05,,R-1,115,", "date"),
        ("V1,,2026-01-05,2026-01-04,R-1,115,", "due_date"),
        ("V1,,2026-01-05,,R-1,a lot,", "amount"),
        ("V1,,2026-01-05,,R-1,1.005,", "amount"),
        ("V1,,2026-01-05,,R-1,,", "amount"),
        (f"V1,,2026-01-05,,{'9' * 61},1,", "number"),
    ],
)
def test_wrong_row_is_named_and_the_others_come_in(in_company_a, owner, file, row, field):
    problems = []

    result = import_bills(file(row, "V2,,2026-01-05,,R-9,1,"), options(), report=problems.append)

    assert (result.documents, result.rejected) == (1, 1)
    assert [(problem.row, problem.field) for problem in problems] == [(2, field)]


def test_number_of_a_stored_bill_is_warned_of(in_company_a, owner, file):
    posted_bill(owner, supplier(owner, code="V1"), supplier_number="R-1")
    problems = []

    result = import_bills(file("V1,,2026-01-05,,R-1,115,"), options(), report=problems.append)

    assert (result.documents, result.warned, problems[0].is_warning) == (1, 1, True)


def test_file_account_and_vat_code_are_checked_first(in_company_a, owner, file):
    with pytest.raises(MissingColumns, match="amount"):
        import_bills(file("V1", head="supplier,date,number\n"), options())
    with pytest.raises(UnknownAccount):
        import_bills(file("V1,,2026-01-05,,R-1,1,"), options(account="2110"))
    with pytest.raises(UnknownTaxCode):
        import_bills(file("V1,,2026-01-05,,R-1,1,"), options(tax_code="S15"))
    assert not Bill.objects.exists()
