"""MT940 (SWIFT customer statements), read by the package mt-940. Pure."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import mt940

from core.errors import N_
from payments.bank.statements import (
    EARLIEST_YEAR,
    ParsedEntry,
    ParsedStatement,
    UnreadableStatement,
    one_line,
)

# every correction of the package: RC is a debit, long details stay whole, `?31` is an account
_OPTIONS = mt940.Options.all()
_NO_REFERENCE = frozenset({"NONREF", "NOTPROVIDED", ""})
_OPENING = ("final_opening_balance", "intermediate_opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance")
_DETAILS = (
    "transaction_details",
    "posting_text",
    "purpose",
    "end_to_end_reference",
    "additional_purpose",
    "extra_details",
)


def read_mt940(text: str) -> list[ParsedStatement]:
    """Return the statements of an MT940 file, in order. Raises UnreadableStatement."""
    try:
        # a handle, since the package takes a text that names a file for that file
        found = mt940.parse_statements(io.StringIO(text), options=_OPTIONS)
    except (RuntimeError, ValueError, ArithmeticError, KeyError, TypeError, IndexError) as error:
        raise UnreadableStatement(
            N_("The MT940 file cannot be read: %(reason)s."),
            field="file",
            params={"reason": one_line(str(error), 160).rstrip(".")},
        ) from error
    statements = [_statement(one, number) for number, one in enumerate(found, start=1)]
    if not statements:
        raise UnreadableStatement(N_("The file holds no MT940 statement."), field="file")
    return statements


def _balance(data: dict[str, Any], names: Iterable[str]) -> Any:
    for name in names:
        balance = data.get(name)
        if balance is not None and getattr(balance, "amount", None) and balance.date:
            return balance
    return None


def _day(value: dt.date, where: str) -> dt.date:
    # the package's dates are a subclass of date that prints in its own way
    day = dt.date(value.year, value.month, value.day)
    if not EARLIEST_YEAR <= day.year <= 2100:
        raise UnreadableStatement(
            N_("%(where)s: the date %(date)s cannot be read."),
            field="file",
            params={"where": where, "date": str(day)},
        )
    return day


def _statement(found: Any, number: int) -> ParsedStatement:
    data = found.data
    name = one_line(str(data.get("transaction_reference") or number), 40)
    page = "/".join(
        part for part in (data.get("statement_number"), data.get("sequence_number")) if part
    )
    identifier = f"{name} {page}".strip()
    account = one_line(data.get("account_identification"), 60)
    opening, closing = _balance(data, _OPENING), _balance(data, _CLOSING)
    if not account or opening is None or closing is None:
        raise UnreadableStatement(
            N_("Statement %(statement)s lacks its account, opening or closing balance."),
            field="file",
            params={"statement": identifier},
        )
    currency = opening.amount.currency
    if closing.amount.currency != currency:
        raise UnreadableStatement(
            N_("Statement %(statement)s begins in %(first)s and ends in %(last)s."),
            field="file",
            params={
                "statement": identifier,
                "first": currency,
                "last": closing.amount.currency,
            },
        )
    entries = tuple(_entry(one.data, identifier) for one in found)
    days = [entry.date for entry in entries]
    last = _day(closing.date, identifier)
    first = min([*days, last])
    return ParsedStatement(
        account=account,
        currency=currency or "",
        identifier=identifier,
        date_from=first,
        date_to=max([*days, last]),
        opening=Decimal(opening.amount.amount),
        closing=Decimal(closing.amount.amount),
        entries=entries,
    )


def _reference(text: Any) -> str:
    reference = one_line(text, 120)
    return "" if reference.upper() in _NO_REFERENCE else reference


def _entry(data: dict[str, Any], identifier: str) -> ParsedEntry:
    amount = data.get("amount")
    if amount is None or data.get("date") is None:
        raise UnreadableStatement(
            N_("Statement %(statement)s has an entry without date or amount."),
            field="file",
            params={"statement": identifier},
        )
    value_date = _day(data["date"], identifier)
    # entry dates carry no year in the file; the package derives it from the value date
    booked = data.get("guessed_entry_date") or data.get("entry_date")
    details = " ".join(one_line(data.get(key)) for key in _DETAILS if data.get(key))
    return ParsedEntry(
        date=_day(booked, identifier) if booked else value_date,
        value_date=value_date,
        amount=Decimal(amount.amount),
        bank_reference=_reference(data.get("bank_reference")),
        reference=_reference(data.get("end_to_end_reference"))
        or _reference(data.get("customer_reference")),
        party_name=one_line(data.get("applicant_name") or data.get("recipient_name"), 200),
        party_account=one_line(
            data.get("gvc_applicant_iban") or data.get("applicant_iban"), 60
        ).replace(" ", ""),
        narrative=one_line(details),
        code=one_line(data.get("id"), 10),
    )
