"""A bank statement as read from a file, and the test that it adds up. Pure; amounts in the statement's currency."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import N_, DomainError
from core.inputs import parse_date, parse_decimal
from core.money import AMOUNT_LIMIT, ZERO, quantize

#: Statements of earlier years are read: old accounts are imported to be proved.
EARLIEST_YEAR = 2000
NARRATIVE_LENGTH = 1000
_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


class UnreadableStatement(DomainError):
    """The file is no bank statement of the chosen kind, or a part of it cannot be read."""

    code = "statement_unreadable"


class DoesNotAddUp(DomainError):
    """Opening balance and entries do not give the closing balance: nothing of it is taken."""

    code = "statement_does_not_add_up"


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One movement. `amount` is signed: positive is money in."""

    date: dt.date
    amount: Decimal
    value_date: dt.date | None = None
    #: The bank's own name of the entry; what makes it the same entry in two files.
    bank_reference: str = ""
    #: What the payer wrote as reference (end-to-end id, customer reference).
    reference: str = ""
    party_name: str = ""
    party_account: str = ""
    narrative: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One statement of one account."""

    account: str
    currency: str
    identifier: str
    date_from: dt.date
    date_to: dt.date
    opening: Decimal
    closing: Decimal
    entries: tuple[ParsedEntry, ...]
    #: The file states no opening balance (OFX): it is what the closing balance and the entries leave.
    opening_is_derived: bool = False

    @property
    def movement(self) -> Decimal:
        """The sum of the entries."""
        return sum((entry.amount for entry in self.entries), ZERO)

    @property
    def credits(self) -> Decimal:
        """Money in."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), ZERO)

    @property
    def debits(self) -> Decimal:
        """Money out, negative."""
        return sum((entry.amount for entry in self.entries if entry.amount < 0), ZERO)


def checked(statement: ParsedStatement, *, at: str = "file") -> ParsedStatement:
    """Return the statement when it is whole. Raises DoesNotAddUp, UnreadableStatement (currency, digits)."""
    if not _CURRENCY.match(statement.currency):
        raise UnreadableStatement(
            N_("Statement %(statement)s names no currency."),
            field=at,
            params={"statement": statement.identifier},
        )
    amounts = (statement.opening, statement.closing, *(e.amount for e in statement.entries))
    for amount in amounts:
        if quantize(amount, statement.currency) != amount:
            raise UnreadableStatement(
                N_(
                    "Statement %(statement)s has the amount %(amount)s, which %(currency)s cannot be."
                ),
                field=at,
                params={
                    "statement": statement.identifier,
                    "amount": amount,
                    "currency": statement.currency,
                },
            )
    difference = statement.closing - statement.opening - statement.movement
    if difference:
        raise DoesNotAddUp(
            N_(
                "Statement %(statement)s does not add up: opening %(opening)s and entries %(movement)s"
                " give %(sum)s, but the closing balance is %(closing)s (difference %(difference)s)."
            ),
            field=at,
            params={
                "statement": statement.identifier,
                "opening": statement.opening,
                "movement": statement.movement,
                "sum": statement.opening + statement.movement,
                "closing": statement.closing,
                "difference": difference,
            },
        )
    return replace(statement, entries=tuple(e for e in statement.entries if e.amount))


def one_line(text: str | None, limit: int = NARRATIVE_LENGTH) -> str:
    """Return a text of the bank on one line, without characters that nothing could print."""
    plain = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else char
        for char in (text or "")
        if unicodedata.category(char) != "Cf"
    )
    return _SPACES.sub(" ", plain).strip()[:limit].strip()


def amount_in(text: str | None, *, where: str) -> Decimal:
    """Return an amount as files write it: plain, point as decimal sign. Raises UnreadableStatement."""
    try:
        amount = parse_decimal((text or "").strip(), field="file")
    except DomainError:
        raise UnreadableStatement(
            N_("%(where)s: the amount %(amount)s cannot be read."),
            field="file",
            params={"where": where, "amount": repr((text or "")[:40])},
        ) from None
    if abs(amount) >= AMOUNT_LIMIT:  # pragma: no cover  # parse_decimal bounds the digits already
        raise UnreadableStatement(N_("An amount is too large."), field="file")
    return amount


def day_in(text: str | None, *, where: str) -> dt.date:
    """Return the date of YYYY-MM-DD or YYYYMMDD with anything behind it. Raises UnreadableStatement."""
    plain = (text or "").strip()
    digits = plain[:10] if plain[4:5] == "-" else f"{plain[:4]}-{plain[4:6]}-{plain[6:8]}"
    try:
        return parse_date(digits, field="file", earliest=EARLIEST_YEAR)
    except DomainError:
        raise UnreadableStatement(
            N_("%(where)s: the date %(date)s cannot be read."),
            field="file",
            params={"where": where, "date": repr(plain[:20])},
        ) from None


def account_key(text: str) -> str:
    """Return an account number as it is compared: letters and digits only, capitals."""
    return "".join(char for char in text.upper() if char.isascii() and char.isalnum())
