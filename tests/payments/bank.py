"""Bank statements for tests: MT940 texts of a given balance and lines, imported through the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.dates import local_today
from ledger.models import Account
from payments.bank.table import CsvRules
from payments.models import BankFile, BankLine, PaymentAccount
from payments.services.bank_import import TypedBankFile, bank_file_import
from payments.services.bank_lines import bank_line_suspend
from payments.services.bank_rules import TypedRule, rule_save
from tenancy.principal import Principal

IBAN = "SA0380000000608010167519"
SECOND_IBAN = "SA4420000001234567891234"


def bank_account(code: str = "BANK", iban: str = IBAN) -> PaymentAccount:
    """Return the company's bank account with an IBAN."""
    account = PaymentAccount.objects.get(code=code)
    if account.iban != iban:
        account.iban = iban
        account.save(update_fields=["iban"])
    return account


def second_account() -> PaymentAccount:
    """Return another bank account of the company, on its own ledger account."""
    ledger = Account.objects.get(code="1140")
    account, _ = PaymentAccount.objects.get_or_create(
        code="BANK2",
        defaults={
            "name": "Second bank",
            "kind": "bank",
            "account_id": ledger.pk,
            "iban": SECOND_IBAN,
        },
    )
    return account


def mt940(
    entries: Sequence[tuple[object, str]],
    *,
    opening: object = "0",
    closing: object = None,
    name: str = "STMT1",
    iban: str = IBAN,
    day: dt.date | None = None,
    currency: str = "SAR",
) -> str:
    """Return a statement of (amount, text) on one day; the closing balance is what they add up to."""
    date = day or local_today()
    sums = Decimal(str(opening)) + sum(Decimal(str(amount)) for amount, _ in entries)
    rows = [f":20:{name}", f":25:{iban}", ":28C:1", _balance("60F", opening, date, currency)]
    for number, (amount, text) in enumerate(entries, start=1):
        sign = "C" if Decimal(str(amount)) > 0 else "D"
        rows += [
            f":61:{date:%y%m%d}{date:%m%d}{sign}{_number(abs(Decimal(str(amount))))}NTRFNONREF//{name}-{number}",
            f":86:{text}",
        ]
    rows += [_balance("62F", sums if closing is None else closing, date, currency), "-", ""]
    return "\n".join(rows)


def _number(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _balance(tag: str, amount: object, date: dt.date, currency: str) -> str:
    value = Decimal(str(amount))
    return f":{tag}:{'C' if value >= 0 else 'D'}{date:%y%m%d}{currency}{_number(abs(value))}"


def take(actor: Principal, text: str, **fields: Any) -> BankFile:
    """Import a text as a file."""
    fields.setdefault("name", "statement.sta")
    return bank_file_import(typed=TypedBankFile(data=text.encode(), **fields), actor=actor)


def bank_lines(*entries: tuple[object, str], actor: Principal, **fields: Any) -> list[BankLine]:
    """Import one statement and return its lines in order."""
    bank_account()
    file = take(actor, mt940(entries, **fields))
    return list(
        BankLine.objects.filter(statement__file_id=file.pk, is_opening=False)
        .select_related("payment_account")
        .order_by("position")
    )


def every_bank_row(actor: Principal) -> None:
    """Put a row into every table of the bank."""
    account = bank_account()
    (line,) = bank_lines(("70", "Unknown"), actor=actor, name="FILL")
    bank_line_suspend(line_id=line.pk, actor=actor)
    rule_save(
        typed=TypedRule(
            name="Charges",
            text="service fee",
            account_id=Account.objects.get(role="bank_charges").pk,
        ),
        actor=actor,
    )
    take(
        actor,
        "Date,Amount,Balance\n2026-01-05,1.00,1.00\n",
        name="a.csv",
        payment_account_id=account.pk,
        rules=CsvRules(columns={"date": "Date", "amount": "Amount", "balance": "Balance"}),
    )
