"""Import of bank files: mapped to accounts, once, whole, without doubles (issue 3, item 7)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from payments.bank.errors import (
    AccountUnknown,
    StatementCurrencyDiffers,
    StatementInUse,
    StatementKnown,
)
from payments.bank.statements import DoesNotAddUp
from payments.bank.table import CsvRules
from payments.models import BankFile, BankLine, BankStatement, CsvLayout, PaymentAccount
from payments.services import bank_import
from payments.services.bank_import import bank_file_read, waiting_files_read
from payments.services.bank_statements import statement_remove
from tenancy.errors import PermissionRefused
from tests.database import refused
from tests.payments.bank import (
    IBAN,
    SECOND_IBAN,
    bank_account,
    mt940,
    second_account,
    take,
)

pytestmark = pytest.mark.django_db
D = Decimal
YESTERDAY = local_today() - dt.timedelta(days=1)


def stored():
    return list(BankLine.objects.order_by("date", "id").values_list("amount", flat=True))


def errors_of(caught):
    return caught.value.errors if isinstance(caught.value, ValidationErrors) else [caught.value]


def test_a_statement_is_stored_with_its_lines_and_the_balance_before(in_company_a, owner):
    account = bank_account()

    take(owner, mt940([("115", "INV-1"), ("-57.50", "FEE")], opening="1000"))

    statement = BankStatement.objects.get()
    assert (statement.payment_account_id, statement.opening_balance, statement.closing_balance) == (
        account.pk,
        D(1000),
        D("1057.50"),
    )
    assert stored() == [D(1000), D(115), D("-57.50")]
    assert BankLine.objects.get(is_opening=True).amount == D(1000)


def test_the_same_file_twice_is_refused_and_says_when(in_company_a, owner):
    bank_account()
    text = mt940([("115", "A")])
    take(owner, text)

    with pytest.raises(StatementKnown, match="was imported on"):
        take(owner, text, name="copy.sta")
    assert BankStatement.objects.count() == 1


def test_the_same_statement_in_another_file_is_refused(in_company_a, owner):
    bank_account()
    take(owner, mt940([("115", "A")]))

    with pytest.raises(StatementKnown, match="imported before"), transaction.atomic():
        take(owner, mt940([("115", "A")]) + "\n\n")
    assert BankFile.objects.count() == 1


def test_a_file_with_one_new_statement_brings_only_that(in_company_a, owner):
    bank_account()
    take(owner, mt940([("115", "A")], day=YESTERDAY))

    take(
        owner,
        mt940([("115", "A")], day=YESTERDAY) + mt940([("5", "B")], name="STMT2", opening="115"),
    )

    assert stored() == [D(115), D(5)]


def test_equal_entries_of_one_day_are_all_kept(in_company_a, owner):
    bank_account()

    take(
        owner,
        mt940([("10", "POS"), ("10", "POS"), ("10", "POS")])
        .replace("//STMT1-1", "")
        .replace("//STMT1-2", "")
        .replace("//STMT1-3", ""),
    )

    assert stored() == [D(10), D(10), D(10)]


def test_a_statement_that_continues_brings_equal_entries_again(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "POS")]).replace("//STMT1-1", ""))

    take(owner, mt940([("10", "POS")], name="STMT2", opening="10").replace("//STMT2-1", ""))

    assert stored() == [D(10), D(10)]


def test_an_overlapping_statement_brings_only_what_is_new(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A"), ("20", "B")], name="S"))

    overlapping = mt940([("10", "A"), ("20", "B"), ("30", "C")], name="S").replace(
        ":20:S\n", ":20:T\n"
    )
    take(owner, overlapping)

    assert stored() == [D(10), D(20), D(30)]
    second = BankStatement.objects.order_by("id").last()
    assert (second.known_count, second.known_amount, second.has_gap) == (2, D(30), False)


def test_a_gap_between_statements_is_marked_and_closed_by_the_missing_one(in_company_a, owner):
    bank_account()
    first = local_today() - dt.timedelta(days=2)
    take(owner, mt940([("10", "A")], name="S1", day=first))
    take(owner, mt940([("30", "C")], name="S3", opening="30"))
    third = BankStatement.objects.get(identifier__startswith="S3")
    assert third.has_gap

    take(owner, mt940([("20", "B")], name="S2", opening="10", day=YESTERDAY))

    third.refresh_from_db()
    assert not third.has_gap


def test_an_older_statement_moves_the_opening_balance_back(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A")], name="S2", opening="100"))

    take(owner, mt940([("60", "Z")], name="S1", opening="40", day=YESTERDAY))

    assert BankLine.objects.get(is_opening=True).amount == D(40)
    assert sum(stored()) == D(110)


def test_several_accounts_in_one_file_are_mapped_by_number(in_company_a, owner):
    first, second = bank_account(), second_account()

    take(owner, mt940([("10", "A")]) + mt940([("20", "B")], name="S2", iban=SECOND_IBAN))

    assert {
        (row.payment_account_id, row.closing_balance) for row in BankStatement.objects.all()
    } == {(first.pk, D(10)), (second.pk, D(20))}


def test_unknown_accounts_are_all_named_and_nothing_is_stored(in_company_a, owner):
    bank_account()

    with pytest.raises(ValidationErrors) as caught, transaction.atomic():
        take(
            owner,
            mt940([("10", "A")])
            + mt940([("1", "B")], name="S2", iban="111")
            + mt940([("1", "B")], name="S3", iban="222"),
        )

    assert [one.params["number"] for one in errors_of(caught)] == ["111", "222"]
    assert not BankFile.objects.exists()


def test_an_account_without_number_takes_the_statement_chosen_for_it(in_company_a, owner):
    account = PaymentAccount.objects.get(code="BANK")

    take(owner, mt940([("10", "A")], iban="777"), payment_account_id=account.pk)

    assert BankStatement.objects.get().payment_account_id == account.pk


def test_a_statement_of_another_account_than_chosen_is_refused(in_company_a, owner):
    account = bank_account()

    with pytest.raises(DomainError) as caught:
        take(owner, mt940([("10", "A")], iban=SECOND_IBAN), payment_account_id=account.pk)

    assert isinstance(errors_of(caught)[0], AccountUnknown)


def test_a_statement_in_another_currency_is_refused(in_company_a, owner):
    bank_account()

    with pytest.raises(DomainError) as caught:
        take(owner, mt940([("10", "A")], currency="EUR"))

    assert isinstance(errors_of(caught)[0], StatementCurrencyDiffers)


def test_what_does_not_add_up_leaves_nothing_behind(in_company_a, owner):
    bank_account()

    with pytest.raises(DoesNotAddUp), transaction.atomic():
        take(owner, mt940([("10", "A")]) + mt940([("1", "B")], name="S2", closing="7"))

    assert not BankFile.objects.exists()
    assert not BankLine.objects.exists()


def test_csv_needs_its_account_and_remembers_its_layout(in_company_a, owner):
    account = bank_account()
    text = "Date,Text,Amount,Balance\n2026-01-05,Payment,115.00,1115.00\n"
    rules = CsvRules(
        columns={"date": "Date", "amount": "Amount", "balance": "Balance", "description": "Text"}
    )

    with pytest.raises(AccountUnknown):
        take(owner, text, name="a.csv", rules=rules)
    take(owner, text, name="a.csv", rules=rules, payment_account_id=account.pk)

    assert BankStatement.objects.get().opening_balance == D(1000)
    assert CsvLayout.objects.get(payment_account_id=account.pk).columns["balance"] == "Balance"


def test_a_large_file_is_read_by_the_worker(in_company_a, owner, monkeypatch):
    bank_account()
    monkeypatch.setattr(bank_import, "LARGE_BYTES", 10)

    file = take(owner, mt940([("10", "A")]))
    assert file.state == "waiting"
    bank_file_read(file_id=file.pk, actor_id=owner.user_id)
    bank_file_read(file_id=file.pk, actor_id=owner.user_id)

    file.refresh_from_db()
    assert (file.state, stored()) == ("done", [D(10)])


def test_a_file_whose_message_was_lost_is_read_later(in_company_a, owner, monkeypatch):
    bank_account()
    monkeypatch.setattr(bank_import, "LARGE_BYTES", 10)
    file = take(owner, mt940([("10", "A")]))
    assert waiting_files_read() == 0

    monkeypatch.setattr(bank_import, "LOST_AFTER", dt.timedelta(0))
    assert waiting_files_read() == 1

    file.refresh_from_db()
    assert file.state == "done"


def test_a_large_faulty_file_says_why_and_may_come_again(in_company_a, owner, monkeypatch):
    bank_account()
    monkeypatch.setattr(bank_import, "LARGE_BYTES", 10)
    text = mt940([("10", "A")], closing="11")

    file = take(owner, text)
    bank_file_read(file_id=file.pk, actor_id=owner.user_id)

    file.refresh_from_db()
    assert file.state == "failed"
    assert "does not add up" in file.problems[0]
    assert not BankLine.objects.exists()
    take(owner, text)


def test_a_statement_is_removed_while_nothing_of_it_is_matched(in_company_a, owner):
    bank_account()
    text = mt940([("10", "A")])
    take(owner, text)

    statement_remove(statement_id=BankStatement.objects.get().pk, actor=owner)

    assert not BankLine.objects.exists()
    take(owner, text)


def test_only_the_newest_statement_is_removed(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A")], name="S1", day=YESTERDAY))
    take(owner, mt940([("10", "B")], name="S2", opening="10"))

    with pytest.raises(StatementInUse):
        statement_remove(
            statement_id=BankStatement.objects.get(identifier__startswith="S1").pk, actor=owner
        )


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_bookkeepers_import(company_a, role):
    with company_a.acting(role) as actor, pytest.raises(PermissionRefused):
        take(actor, mt940([("10", "A")]))


def test_accounts_of_another_company_are_unknown(company_a, company_b):
    with company_b.acting() as other:
        bank_account()
    with company_a.acting() as actor, pytest.raises(DomainError) as caught:
        take(actor, mt940([("10", "A")]))
    assert isinstance(errors_of(caught)[0], AccountUnknown)
    assert other.company_id != actor.company_id


# the database


def test_a_line_never_changes(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A")]))

    with refused("bank_line_frozen"):
        BankLine.objects.update(amount=D(11))


def test_a_line_is_not_marked_matched_by_hand(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A")]))

    with refused("bank_line_is_matched"):
        BankLine.objects.update(is_matched=True)


def test_a_statement_that_does_not_add_up_is_refused_by_the_database(in_company_a, owner):
    account = bank_account()
    take(owner, mt940([("10", "A")]))

    with refused("bank_statement_adds_up"):
        BankStatement.objects.create(
            file=BankFile.objects.get(),
            payment_account=account,
            identifier="X",
            currency="SAR",
            date_from=local_today(),
            date_to=local_today(),
            opening_balance=D(1),
            closing_balance=D(2),
        )


def test_the_same_entry_is_stored_once(in_company_a, owner):
    bank_account()
    take(owner, mt940([("10", "A")]))
    line = BankLine.objects.get()
    line.pk = None

    with pytest.raises(DatabaseError, match="bank_line_once"), transaction.atomic():
        line.save(force_insert=True)
    assert connection.is_usable()
    assert IBAN
