"""Real bank files through the import: good ones stored to the cent, faulty ones refused with nothing left behind."""

import json
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from core.errors import DomainError
from ledger.models import Account
from payments.bank.errors import StatementKnown
from payments.bank.reading import format_of, read_statements
from payments.models import BankFile, BankLine, BankStatement, PaymentAccount
from payments.services.bank_import import TypedBankFile, bank_file_import

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]


def is_good(name, answer):
    if "statements" in answer:
        return all(
            one.get("reconciles", one.get("opening_plus_entries_equals_closing"))
            for one in answer["statements"]
        )
    return not answer["unreadable_amounts"]


def accounts_for(data, kind):
    """Open a payment account for each account that the file names."""
    ledger = Account.objects.get(code="1140")
    for statement in read_statements(data, file_format=kind):
        PaymentAccount.objects.get_or_create(
            account_number=statement.account,
            defaults={
                "code": f"B{PaymentAccount.objects.count()}",
                "name": "Bank",
                "kind": "bank",
                "currency": statement.currency,
                "account": ledger,
            },
        )


def test_every_real_file_is_stored_or_refused(in_company_a, owner, shared_data):
    folder = shared_data / "data" / "bank-statements"
    known = json.loads((folder / "known_answers.json").read_text())
    good = 0
    for name, answer in known.items():
        data = (folder / name).read_bytes()
        kind = format_of(data, name)
        typed = TypedBankFile(name=name, data=data)
        if not is_good(name, answer):
            before = (BankFile.objects.count(), BankLine.objects.count())
            with pytest.raises(DomainError), transaction.atomic():
                bank_file_import(typed=typed, actor=owner)
            assert (BankFile.objects.count(), BankLine.objects.count()) == before, name
            continue
        accounts_for(data, kind)
        file = bank_file_import(typed=typed, actor=owner)
        parsed = read_statements(data, file_format=kind)
        stored = BankStatement.objects.filter(file=file)
        assert stored.count() == len(parsed), name
        lines = BankLine.objects.filter(statement__file=file, is_opening=False)
        assert lines.count() == sum(len(one.entries) for one in parsed), name
        moved = lines.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        assert moved == sum(one.movement for one in parsed), name
        assert sorted(stored.values_list("closing_balance", flat=True)) == sorted(
            one.closing for one in parsed
        )
        with pytest.raises(StatementKnown), transaction.atomic():
            bank_file_import(typed=typed, actor=owner)
        good += 1
    assert good == 8
