"""Many people at one bank statement: a line is matched once, a booking is reconciled once, a file is taken once."""

from decimal import Decimal

import pytest

from ledger.models import JournalEntry
from payments.models import BankFile, BankLine, BankMatch, BankMatchItem, Payment
from payments.services.bank_lines import bank_line_match, bank_line_pay, bank_line_suspend
from payments.services.bank_undo import bank_match_undo
from tests.builders import payment, posted_invoice
from tests.concurrency.test_posting import books_balance
from tests.concurrency.workers import at_once, refusals
from tests.payments.bank import bank_account, bank_lines, mt940, take

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_twenty_people_match_one_line_once(company_a):
    with company_a.acting() as owner:
        (line,) = bank_lines(("70", "?"), actor=owner)

    def suspend(_):
        with company_a.acting() as actor:
            return bank_line_suspend(line_id=line.pk, actor=actor)

    results = at_once(suspend, range(20))

    assert {error.code for error in refusals(results)} == {"bank_line_matched"}
    assert len(refusals(results)) == 19
    with company_a.acting():
        assert BankMatch.objects.count() == 1
        assert JournalEntry.objects.filter(source_kind="payments.bank_line").count() == 1
        assert books_balance()


def test_one_booking_is_taken_by_one_of_ten_lines(company_a):
    with company_a.acting() as owner:
        paid = payment(owner, company_a.customer, 70, account=bank_account())
        lines = bank_lines(*[("70", f"L{n}") for n in range(10)], actor=owner)
        entry = JournalEntry.objects.get(source_id=paid.pk)

    def match(line):
        with company_a.acting() as actor:
            return bank_line_match(line_id=line.pk, entries=[entry.pk], actor=actor)

    results = at_once(match, lines)

    assert {error.code for error in refusals(results)} == {"booking_reconciled"}
    assert len(refusals(results)) == 9
    with company_a.acting():
        assert BankMatchItem.objects.filter(is_active=True).count() == 1
        assert BankLine.objects.filter(is_matched=True).count() == 1


def test_lines_that_pay_one_invoice_never_pay_it_twice(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
        lines = bank_lines(*[("115", f"L{n}") for n in range(8)], actor=owner)

    def pay(line):
        with company_a.acting() as actor:
            return bank_line_pay(
                line_id=line.pk,
                party_kind="customer",
                party_id=company_a.customer.pk,
                allocations=[(invoice.pk, invoice.total or Decimal(0))],
                actor=actor,
            )

    results = at_once(pay, lines)

    assert len(refusals(results)) == 7
    with company_a.acting():
        assert Payment.objects.count() == 1
        assert BankLine.objects.filter(is_matched=True).count() == 1


def test_matching_and_undoing_at_once_end_in_one_of_both(company_a):
    with company_a.acting() as owner:
        (line,) = bank_lines(("70", "?"), actor=owner)
        match = bank_line_suspend(line_id=line.pk, actor=owner)

    def undo(_):
        with company_a.acting() as actor:
            return bank_match_undo(match_id=match.pk, actor=actor)

    results = at_once(undo, range(8))

    assert {error.code for error in refusals(results)} == {"match_undone"}
    assert len(refusals(results)) == 7
    with company_a.acting():
        assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1
        assert books_balance()


def test_one_file_sent_by_ten_people_is_taken_once(company_a):
    with company_a.acting():
        bank_account()
    text = mt940([("70", "A")])

    def send(_):
        with company_a.acting() as actor:
            return take(actor, text)

    results = at_once(send, range(10))

    assert len([one for one in results if isinstance(one, BankFile)]) == 1
    with company_a.acting():
        assert BankFile.objects.count() == 1
        assert BankLine.objects.count() == 1
