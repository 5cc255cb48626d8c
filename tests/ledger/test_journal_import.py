"""Import of journals: each transaction one balanced entry, nothing dropped silently, nothing doubled."""

import pytest
from django.db import transaction

from ledger.file_columns import MissingColumns
from ledger.models import Account, JournalEntry, JournalLine, Period
from ledger.services.journal_import import ImportSettings, import_journals

pytestmark = pytest.mark.django_db
HEAD = "txn,date,description,account,currency,amount\n"
GOOD = HEAD + "1,2026-01-05,Rent,6310,SAR,100.00\n1,2026-01-05,Rent,1130,SAR,-100.00\n"


@pytest.fixture
def run(in_company_a, tmp_path):
    def go(text, **options):
        path = tmp_path / "journals.csv"
        path.write_text(text, encoding="utf-8")
        refused = []
        options.setdefault("source", "old")
        with transaction.atomic():
            result = import_journals(path, ImportSettings(**options), problem=refused.append)
        return result, refused

    return go


def test_a_transaction_becomes_one_entry(run):
    result, refused = run(GOOD)

    assert (result.entries, result.lines, result.total, refused) == (1, 2, 100, [])
    entry = JournalEntry.objects.get()
    assert (entry.source_number, entry.description, entry.total) == ("1", "Rent", 100)


def test_a_file_that_comes_again_adds_nothing(run):
    run(GOOD)
    again, _ = run(GOOD)
    other, _ = run(GOOD, source="another system")

    assert (again.entries, again.skipped) == (0, 1)
    assert (other.entries, other.skipped) == (1, 0)


def test_rows_of_a_transaction_need_not_stand_together(run):
    rows = [
        "1,2026-01-05,,6310,SAR,100",
        "2,2026-01-06,,6320,SAR,50",
        "1,2026-01-05,,1130,SAR,-100",
        "2,2026-01-06,,1110,SAR,-50",
    ]
    result, refused = run(HEAD + "\n".join(rows) + "\n")

    assert (result.entries, refused) == (2, [])


def test_debit_and_credit_columns_and_arabic_headings_are_read(run):
    text = "رقم القيد;التاريخ;الحساب;البيان;مدين;دائن\n7;2026-02-01;6310;إيجار;250,5;\n"
    text = (
        text.replace("250,5", "250.50")
        + "7;2026-02-01;البنك - الحساب الجاري (ريال);إيجار;;250.50\n"
    )
    result, refused = run(text)

    assert (result.entries, [str(one.error) for one in refused]) == (1, [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,2026-01-05,Rent,6310,SAR,99.99", "journal_unbalanced"),
        ("1,2026-01-32,Rent,6310,SAR,100.00", "wrong_date"),
        ("1,2026-01-05,Rent,9999,SAR,100.00", "unknown_account"),
        ("1,2026-01-05,Receivable,1210,SAR,100.00", "control_account"),
        ("1,2026-01-05,Rent,6310,EUR,100.00", "row_refused"),
        ("1,2026-01-06,Rent,6310,SAR,100.00", "row_refused"),
        ("1,2026-01-05,Rent,6310,SAR,100.001", "too_many_places"),
        ("1,2026-01-05,Rent,6310,SAR,0", "row_refused"),
        ("1,2026-01-05,Rent,6310,riyal,100.00", "invalid"),
    ],
)
def test_a_wrong_row_refuses_its_transaction_alone(run, row, code):
    text = HEAD + row + "\n1,2026-01-05,Rent,1130,SAR,-100.00\n"
    text += "2,2026-01-05,Fees,7110,SAR,5\n2,2026-01-05,Fees,1130,SAR,-5\n"
    result, refused = run(text)

    assert code in {one.error.code for one in refused}
    assert {one.key for one in refused} == {"1"}
    assert result.entries == 1
    assert JournalEntry.objects.get().source_number == "2"


def test_a_closed_period_refuses_its_transactions_alone(run, in_company_a):
    with transaction.atomic():
        Period.objects.filter(start_date="2026-01-01").update(state="closed")
    text = GOOD + "2,2026-02-05,Fees,7110,SAR,5\n2,2026-02-05,Fees,1130,SAR,-5\n"
    result, refused = run(text)

    assert [one.error.code for one in refused] == ["period_closed"]
    assert result.entries == 1


def test_a_dry_run_writes_nothing(run):
    result, _ = run(GOOD.replace("6310", "Expenses:Rent"), dry_run=True, create_accounts=True)

    assert (result.entries, result.accounts_created) == (1, 1)
    assert not JournalEntry.objects.exists()
    assert not Account.objects.filter(name="Expenses:Rent").exists()


def test_accounts_are_mapped_or_made_on_demand(run):
    text = GOOD.replace("6310", "Expenses:Rent").replace("1130", "Assets:Bank")
    result, refused = run(text, accounts={"Assets:Bank": "1130"}, create_accounts=True)
    made = Account.objects.get(name="Expenses:Rent")

    assert (result.entries, refused) == (1, [])
    assert (made.kind, made.normal_side, made.parent.code) == ("expense", "debit", "6000")
    assert set(JournalLine.objects.values_list("account__code", flat=True)) == {"1130", made.code}


def test_past_years_get_their_periods(run):
    result, refused = run(GOOD.replace("2026-01-05", "2004-03-09"))

    assert (result.entries, refused) == (1, [])


def test_a_file_without_its_columns_is_refused(run):
    with pytest.raises(MissingColumns) as refused:
        run("a,b\n1,2\n")

    assert refused.value.field == "mapping"
