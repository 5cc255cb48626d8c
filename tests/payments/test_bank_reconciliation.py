"""Reconciliation: books, what is on its way, what is not booked, bank; nothing is left over (issue 3, item 7)."""

import datetime as dt
from decimal import Decimal

import pytest

from core.dates import local_today
from ledger.models import Account, ExchangeRate, JournalEntry
from payments.models import BankLine, PaymentAccount
from payments.selectors.bank_accounts import account_states, reconciliation
from payments.services.bank_lines import bank_line_match, bank_line_suspend
from payments.services.reversing import payment_void
from tests.api.conftest import api_of
from tests.ar.signed_in import signed_in
from tests.builders import payment
from tests.payments.bank import bank_account, bank_lines, mt940, take

D = Decimal
TODAY = local_today()
YESTERDAY = TODAY - dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def sums(found):
    return (
        found.book_balance,
        sum(one.amount for one in found.outstanding),
        sum(one.amount for one in found.not_booked),
        found.statement_balance,
        found.difference,
    )


def test_books_less_what_is_on_its_way_plus_what_is_not_booked_is_the_bank(in_company_a, owner):
    account = bank_account()
    first = payment(owner, in_company_a.customer, 100, account=account)
    payment(owner, in_company_a.customer, 40, account=account)
    lines = bank_lines(("100", "A"), ("-7", "FEE"), actor=owner)
    bank_line_match(
        line_id=lines[0].pk,
        entries=[JournalEntry.objects.get(source_id=first.pk).pk],
        actor=owner,
    )

    assert sums(reconciliation(account, TODAY)) == (D(140), D(40), D(-7), D(93), D(0))


def test_the_balance_before_the_first_statement_belongs_to_the_bank(in_company_a, owner):
    account = bank_account()
    take(owner, mt940([("10", "A")], opening="1000"))

    assert sums(reconciliation(account, TODAY)) == (D(0), 0, D(1010), D(1010), D(0))


def test_a_past_day_shows_what_was_known_then(in_company_a, owner):
    account = bank_account()
    paid = payment(owner, in_company_a.customer, 100, account=account, date=YESTERDAY)
    (line,) = bank_lines(("100", "A"), actor=owner)
    bank_line_match(
        line_id=line.pk, entries=[JournalEntry.objects.get(source_id=paid.pk).pk], actor=owner
    )

    assert sums(reconciliation(account, TODAY)) == (D(100), 0, 0, D(100), D(0))
    before = reconciliation(account, YESTERDAY)
    assert (before.book_balance, [one.amount for one in before.outstanding]) == (D(100), [D(100)])


def test_a_missing_statement_leaves_a_difference(in_company_a, owner):
    account = bank_account()
    take(owner, mt940([("10", "A")], name="S1", day=YESTERDAY))
    take(owner, mt940([("10", "A")], name="S3", opening="15"))

    assert reconciliation(account, TODAY).difference == D(5)
    assert account_states()[0].has_gap


def test_a_payment_taken_back_before_the_bank_saw_it_is_not_on_its_way(in_company_a, owner):
    account = bank_account()
    paid = payment(owner, in_company_a.customer, 100, account=account)
    payment_void(payment_id=paid.pk, actor=owner)

    assert reconciliation(account, TODAY).outstanding == ()


def test_accounts_show_books_bank_and_open_lines(in_company_a, owner):
    lines = bank_lines(("100", "A"), ("5", "B"), actor=owner)
    bank_line_suspend(line_id=lines[0].pk, actor=owner)

    (state,) = [one for one in account_states() if one.account.code == "BANK"]

    assert (state.book_balance, state.statement_balance, state.unmatched, state.difference) == (
        D(100),
        D(105),
        1,
        D(5),
    )


def test_the_foreign_account_is_reconciled_in_its_currency(in_company_a, owner):
    ExchangeRate.objects.create(currency="EUR", date=TODAY, rate=D("4.0512"))
    account = PaymentAccount.objects.create(
        code="EUR",
        name="Euro",
        kind="bank",
        currency="EUR",
        iban="DE89370400440532013000",
        account=Account.objects.get(code="1140"),
    )
    take(owner, mt940([("985", "X")], iban=account.iban, currency="EUR"))
    line = BankLine.objects.get()

    match = bank_line_suspend(line_id=line.pk, actor=owner)

    assert JournalEntry.objects.get(pk=match.entry_id).total == D("3990.43")
    assert sums(reconciliation(account, TODAY)) == (D(985), 0, 0, D(985), D(0))


@pytest.mark.django_db(transaction=True)
def test_the_report_prints_and_answers(company_a, clean_cache):
    with company_a.acting() as actor:
        account = bank_account()
        payment(actor, company_a.customer, 100, account=account)
        bank_lines(("30", "A"), actor=actor)

    page = signed_in(company_a).get("/reports/bank-reconciliation/?account=BANK")
    assert page.status_code == 200
    assert "Books and bank agree." in page.content.decode()
    answer = api_of(company_a).get("reports/bank-reconciliation?account=BANK")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["book_balance"], body["outstanding"], body["not_booked"]) == (
        "100.00",
        "100.00",
        "30.00",
    )
    assert (body["statement_balance"], body["difference"]) == ("30.00", "0.00")
