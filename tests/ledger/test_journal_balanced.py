"""The database refuses a journal that does not balance, however it is written (L1, L2, L4, L8)."""

import uuid
from decimal import Decimal

import pytest

from core.dates import local_today
from ledger.models import Account, AccountBalance
from tests.builders import posted_invoice
from tests.database import check_now, nothing_changes, refused, run, value

pytestmark = pytest.mark.django_db

ENTRY = (
    "INSERT INTO ledger_journalentry (id, company_id, date, period_id, book, kind, source_kind, source_id, source_number, "
    "purpose, description, currency, rate, line_count, total, posted_at) "
    "VALUES (%s, %s, %s, %s, 'GEN', 'normal', 'test', %s, '', 'post', '', 'SAR', 1, %s, %s, now())"
)
LINE = (
    "(gen_random_uuid(), %(company)s, %(entry)s, {position}, %({account})s, %(date)s, {debit}, {credit}, 'SAR', {foreign}, "
    "'', '', '')"
)


class Book:
    """Writes entries and lines by raw SQL for one company."""

    def __init__(self, cast):
        self.company = cast.id
        self.cash = Account.objects.get(role="cash_main").pk
        self.bank = Account.objects.get(role="bank_main").pk
        self.date = local_today()

    def entry(self, *, lines=2, total="10", date=None):
        key = uuid.uuid4()
        run(
            ENTRY,
            [
                key,
                self.company,
                date or self.date,
                uuid.uuid4(),
                uuid.uuid4(),
                lines,
                Decimal(total),
            ],
        )
        return key

    def lines(self, entry, *sides, date=None):
        """Write lines in one statement: (account, debit, credit) each."""
        rows = ", ".join(
            LINE.format(position=n, account=account, debit=debit, credit=credit, foreign=0)
            for n, (account, debit, credit) in enumerate(sides, start=1)
        )
        run(
            "INSERT INTO ledger_journalline (id, company_id, entry_id, position, account_id, date, debit, credit, currency, "
            f"amount_currency, party_kind, tax_code, description) VALUES {rows}",
            {
                "company": self.company,
                "entry": entry,
                "cash": self.cash,
                "bank": self.bank,
                "date": date or self.date,
            },
        )

    def good(self, total="10"):
        entry = self.entry(total=total)
        self.lines(entry, ("cash", total, 0), ("bank", 0, total))
        return entry


@pytest.fixture
def book(in_company_a):
    return Book(in_company_a)


def test_balanced_entry_is_accepted(book):
    book.good()
    check_now()


@pytest.mark.parametrize(
    ("sides", "rule"),
    [
        ([("cash", 10, 0), ("bank", 0, 9)], "journal_balanced"),
        ([("cash", 10, 0), ("bank", 10, 0)], "journal_balanced"),
        ([("cash", 5, 0), ("bank", 0, 5)], "journal_balanced"),  # not the entry's total
        ([("cash", 10, 0)], "journal_balanced"),  # one line
        (
            [("cash", 10, 0), ("bank", 0, 5), ("bank", 0, 5)],
            "journal_balanced",
        ),  # one line too many
        ([("cash", 10, 10), ("bank", 10, 10)], "journal_line_one_side"),
        ([("cash", 0, 0), ("bank", 0, 0)], "journal_line_one_side"),
        ([("cash", -10, 0), ("bank", 0, -10)], "journal_line_debit_bounds"),
        ([("cash", "'NaN'", 0), ("bank", 0, "'NaN'")], "journal_line_debit_bounds"),
        ([("cash", "10.0001", 0), ("bank", 0, "10.0001")], "journal_minor_units"),
    ],
)
def test_lines_that_do_not_make_the_entry_are_refused(book, sides, rule):
    total = sides[0][1] if "10.0001" in str(sides) else "10"
    with nothing_changes(), refused(rule):
        book.lines(book.entry(total=total), *sides)


@pytest.mark.parametrize("amount", ["'infinity'", "1e400", "'-infinity'"])
def test_amounts_beyond_every_bound_are_refused(book, amount):
    with nothing_changes(), refused(match="numeric"):
        book.lines(book.entry(), ("cash", amount, 0), ("bank", 0, amount))


def test_entry_without_lines_is_refused_at_commit(book):
    with nothing_changes(), refused("journal_balanced"):
        book.entry()


def test_entry_of_one_line_cannot_be_declared(book):
    with nothing_changes(), refused("journal_entry_two_lines"):
        book.entry(lines=1)


def test_lines_in_two_statements_are_refused_even_if_they_balance_together(book):
    with nothing_changes(), refused("journal_balanced"):
        entry = book.entry()
        book.lines(entry, ("cash", 10, 0))
        book.lines(entry, ("bank", 0, 10))


def test_second_balanced_statement_on_the_same_entry_is_refused(book):
    with nothing_changes(), refused("journal_balanced"):
        entry = book.good()
        book.lines(entry, ("cash", 3, 0), ("bank", 0, 3))


def test_lines_after_the_checks_ran_early_are_refused(book):
    """SET CONSTRAINTS IMMEDIATE runs the commit check before the extra lines come."""
    with nothing_changes(), refused("journal_balanced"):
        entry = book.good()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        book.lines(entry, ("cash", 3, 0), ("bank", 0, 3))


def test_lines_that_arrive_under_a_savepoint_count_too(book):
    with nothing_changes(), refused("journal_balanced"):
        entry = book.good()
        run("SAVEPOINT later")
        book.lines(entry, ("cash", 1, 0))
        run("RELEASE SAVEPOINT later")


def test_lines_of_another_day_are_refused(book):
    with nothing_changes(), refused("journal_balanced"):
        other = book.date.replace(year=book.date.year - 1)
        book.lines(book.entry(), ("cash", 10, 0), ("bank", 0, 10), date=other)


def test_lines_for_an_entry_that_does_not_exist_are_refused(book):
    with nothing_changes(), refused("journal_no_late_line"):
        book.lines(uuid.uuid4(), ("cash", 10, 0), ("bank", 0, 10))


def test_heading_takes_no_postings(book):
    book.cash = Account.objects.filter(is_posting=False)[0].pk
    with nothing_changes(), refused("account_posting"):
        book.good()


def test_balances_are_the_sums_of_the_lines(book, in_company_a, owner):
    book.good("10")
    book.good("2.50")
    posted_invoice(owner, in_company_a.customer)

    differing = value(
        """
        SELECT count(*) FROM (
            SELECT l.account_id, e.period_id, l.currency, sum(l.debit) AS debit, sum(l.credit) AS credit,
                   sum(l.amount_currency) AS foreign_amount
            FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id GROUP BY 1, 2, 3) AS sums
        FULL JOIN ledger_accountbalance b USING (account_id, period_id, currency)
        WHERE (sums.debit, sums.credit, sums.foreign_amount) IS DISTINCT FROM (b.debit, b.credit, b.amount_currency)
        """
    )
    assert differing == 0
    assert AccountBalance.objects.get(account_id=book.cash).debit == Decimal("12.50")


def test_application_cannot_touch_the_kept_balances(book):
    book.good()
    for statement in (
        "UPDATE ledger_accountbalance SET debit = 0",
        "DELETE FROM ledger_accountbalance",
        "INSERT INTO ledger_accountbalance SELECT * FROM ledger_accountbalance",
    ):
        with refused(match="permission denied"):
            run(statement)


def test_one_source_posts_once_for_each_purpose(book, in_company_a):
    source = uuid.uuid4()

    def post():
        key = uuid.uuid4()
        run(ENTRY, [key, book.company, book.date, uuid.uuid4(), source, 2, Decimal(10)])
        book.lines(key, ("cash", 10, 0), ("bank", 0, 10))

    post()
    with nothing_changes(), refused("journal_entry_once"):
        post()
