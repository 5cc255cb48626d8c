"""What people and programs type for a journal by hand, checked field by field. Pure: no database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError
from core.inputs import (
    clean_text,
    is_given,
    optional,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_uuid,
)
from core.money import ZERO, minor_digits
from documents.typed import Collected

MAX_LINES = 2_000
_LETTERS = 3
KINDS = ("normal", "accrual")
PARTY_KINDS = ("customer", "supplier", "employee")


class WrongJournal(DomainError):
    """A journal has a kind, a currency and lines with one side each."""

    code = "invalid"


@dataclass(frozen=True, slots=True)
class TypedJournalLine:
    """One line as typed; both sides zero while the amount is open. Amounts in the journal's currency."""

    account_id: uuid.UUID | None
    account_code: str
    debit: Decimal
    credit: Decimal
    party_kind: str = ""
    party_id: uuid.UUID | None = None
    tax_code: str = ""
    taxable_amount: Decimal | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class TypedJournal:
    """A journal as typed. `rate` None: that of the day. `version` None: whatever is stored."""

    date: dt.date
    kind: str
    currency: str
    rate: Decimal | None
    reference: str
    description: str
    lines: tuple[TypedJournalLine, ...]
    external_id: str = ""
    version: int | None = None


def parse_currency(value: Any, *, field: str = "currency") -> str:
    """Return a currency as its three capital letters."""
    text = clean_text(value, field=field, min_length=1, max_length=60)
    if not (len(text) == _LETTERS and text.isascii() and text.isalpha() and text.isupper()):
        raise WrongJournal(N_("A currency is three letters."), field=field)
    return text


def parse_journal(payload: Mapping[str, Any], *, currency: str, today: dt.date) -> TypedJournal:
    """Read a typed journal; `currency` is the company's. Raises ValidationErrors naming every wrong field."""
    found = Collected()
    raw = payload.get
    own = found.take(lambda: parse_currency(raw("currency") or currency), currency)
    date = found.take(lambda: parse_date(raw("date") or today, field="date"), today)
    kind = raw("kind") or "normal"
    if kind not in KINDS:
        found.errors.append(WrongJournal(N_("A journal is normal or an accrual."), field="kind"))
        kind = "normal"
    rate = found.take(lambda: _rate(raw("exchange_rate"), own, currency), None)
    typed = TypedJournal(
        date=date,
        kind=str(kind),
        currency=own,
        rate=rate,
        reference=found.take(
            lambda: clean_text(raw("reference"), field="reference", max_length=120), ""
        ),
        description=found.take(
            lambda: clean_text(raw("description"), field="description", max_length=300), ""
        ),
        lines=_lines(raw("lines"), own, found),
        external_id=found.take(
            lambda: clean_text(raw("external_id"), field="external_id", max_length=120), ""
        ),
        version=found.take(
            lambda: (
                parse_integer(raw("version"), field="version")
                if raw("version") is not None
                else None
            ),
            None,
        ),
    )
    found.done()
    return typed


def _rate(value: Any, currency: str, base: str) -> Decimal | None:
    if value is None or value == "":
        return None
    rate = parse_decimal(
        value, field="exchange_rate", max_digits=18, places=8, above=ZERO, maximum=Decimal(10**9)
    )
    if currency == base and rate != 1:
        raise WrongJournal(N_("The base currency has no rate but 1."), field="exchange_rate")
    return rate


def _lines(rows: Any, currency: str, found: Collected) -> tuple[TypedJournalLine, ...]:
    if rows is None:
        return ()
    if not isinstance(rows, list):
        found.errors.append(WrongJournal(N_("Send the lines as a list."), field="lines"))
        return ()
    if len(rows) > MAX_LINES:
        found.errors.append(
            WrongJournal(
                N_("A journal has at most %(limit)s lines."),
                field="lines",
                params={"limit": MAX_LINES},
            )
        )
        return ()
    lines = []
    for index, row in enumerate(rows):
        at = f"lines.{index}"
        if not isinstance(row, Mapping):
            found.errors.append(WrongJournal(N_("A line is an object."), field=at))
        elif any(value not in (None, "") for value in row.values()):
            lines.append(_line(row, f"{at}.", currency, found))
    return tuple(lines)


def _line(row: Mapping[str, Any], at: str, currency: str, found: Collected) -> TypedJournalLine:
    digits = minor_digits(currency)

    def amount(name: str) -> Decimal | None:
        value = row.get(name)
        if value is None or value == "":
            return None
        return found.take(
            lambda: parse_decimal(
                value, field=at + name, max_digits=15 + digits, places=digits, minimum=ZERO
            ),
            None,
        )

    debit, credit = amount("debit") or ZERO, amount("credit") or ZERO
    if debit and credit:
        found.errors.append(
            WrongJournal(N_("A line is a debit or a credit, not both."), field=f"{at}credit")
        )
    account_id = found.take(
        lambda: optional(parse_uuid, row.get("account"), field=f"{at}account"), None
    )
    code = found.take(
        lambda: clean_text(row.get("account_code"), field=f"{at}account", max_length=20), ""
    )
    if not is_given(row.get("account")) and not code:
        found.errors.append(
            WrongJournal(N_("Choose an account."), code="required", field=f"{at}account")
        )
    kind, party = _party(row, at, found)
    return TypedJournalLine(
        account_id=account_id,
        account_code=code,
        debit=debit,
        credit=credit,
        party_kind=kind,
        party_id=party,
        tax_code=found.take(
            lambda: clean_text(row.get("tax_code"), field=f"{at}tax_code", max_length=12), ""
        ),
        taxable_amount=amount("taxable_amount"),
        description=found.take(
            lambda: clean_text(row.get("description"), field=f"{at}description", max_length=300), ""
        ),
    )


def _party(row: Mapping[str, Any], at: str, found: Collected) -> tuple[str, uuid.UUID | None]:
    kind, party = row.get("party_kind"), row.get("party")
    if not is_given(party):
        return "", None
    if kind not in PARTY_KINDS:
        found.errors.append(
            WrongJournal(
                N_("A party is a customer, a supplier or an employee."), field=f"{at}party"
            )
        )
        return "", None
    party_id = found.take(lambda: parse_uuid(party, field=f"{at}party"), None)
    return (str(kind), party_id) if party_id else ("", None)
