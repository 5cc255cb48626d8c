"""The typed header of any document, checked field by field. Pure: no database.

A kind adds what is its own: the invoice its customer, the bill its supplier (ar.typed, ap.typed).
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError
from core.inputs import clean_text, given, parse_date, parse_decimal, parse_flag, parse_uuid
from documents.typed import Collected, TypedLine

_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDocument:
    """A document as typed; `exchange_rate` None asks for the rate of the date."""

    issue_date: dt.date
    lines: tuple[TypedLine, ...]
    due_date: dt.date | None = None
    supply_date: dt.date | None = None
    currency: str = ""
    exchange_rate: Decimal | None = None
    rate_reason: str = ""
    number: str = ""
    reference: str = ""
    notes: str = ""
    notes_arabic: str = ""
    external_id: str = ""
    document_discount: Decimal = Decimal(0)
    prices_include_tax: bool = False
    version: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def parse_currency(value: Any, *, name: str, default: str) -> str:
    """Return the ISO 4217 code in capitals; empty means the default."""
    text = given(value, default)
    text = text.strip().upper() if isinstance(text, str) else ""
    if not _CURRENCY.match(text):
        raise DomainError(N_("A currency is three letters."), code="invalid", field=name)
    return text


def parse_integer(value: Any, *, name: str) -> int | None:
    """Return a small whole number, or None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", str(value)):
        raise DomainError(N_("Enter a whole number."), code="invalid", field=name)
    return int(value)


@dataclass(slots=True)
class HeaderReader:
    """Reads the fields of a header one by one; what is wrong is noted in `note`, by name."""

    payload: Mapping[str, Any]
    note: Collected
    earliest_year: int = 2015

    def text(self, name: str, maximum: int, *, multiline: bool = False) -> str:
        """Return a cleaned text, empty when nothing was typed."""
        return self.note.take(
            lambda: clean_text(
                self.payload.get(name),
                field=name,
                min_length=0,
                max_length=maximum,
                multiline=multiline,
            ),
            "",
        )

    def date(self, name: str, default: dt.date | None = None) -> dt.date | None:
        """Return a day, or the default when nothing was typed."""
        value = self.payload.get(name)
        if value is None or value == "":
            return default
        return self.note.take(
            lambda: parse_date(value, field=name, earliest=self.earliest_year), default
        )

    def number(self, name: str, places: int, minimum: Decimal) -> Decimal | None:
        """Return a decimal, or None when nothing was typed."""
        value = self.payload.get(name)
        if value is None or value == "":
            return None
        return self.note.take(
            lambda: parse_decimal(value, field=name, max_digits=19, places=places, minimum=minimum),
            None,
        )

    def party(self, name: str, *, missing: str) -> uuid.UUID:
        """Return the id of a party; `missing` is the sentence when none was chosen."""
        value = self.payload.get(name)
        nobody = uuid.UUID(int=0)
        if value is None or value == "":
            self.note.errors.append(DomainError(missing, code="required", field=name))
            return nobody
        return self.note.take(lambda: parse_uuid(value, field=name), nobody)

    def integer(self, name: str) -> int | None:
        """Return a small whole number, or None when nothing was typed."""
        return self.note.take(lambda: parse_integer(self.payload.get(name), name=name), None)

    def flag(self, name: str) -> bool:
        """Return a yes or no; nothing typed is no."""
        return self.note.take(lambda: parse_flag(self.payload.get(name), field=name), False)

    def common(self, *, currency: str, today: dt.date) -> dict[str, Any]:
        """Return the fields of TypedDocument that every kind has, lines apart."""
        issue_date = self.date("issue_date", today) or today
        due_date = self.date("due_date")
        if due_date is not None and due_date < issue_date:
            self.note.errors.append(
                DomainError(
                    N_("The due date is not before the date of the document."),
                    code="too_early",
                    field="due_date",
                )
            )
        typed_currency = self.payload.get("currency")
        return {
            "issue_date": issue_date,
            "due_date": due_date,
            "supply_date": self.date("supply_date"),
            "currency": self.note.take(
                lambda: parse_currency(typed_currency, name="currency", default=currency), currency
            ),
            "exchange_rate": self.number("exchange_rate", 8, Decimal("0.00000001")),
            "rate_reason": self.text("rate_reason", 200),
            "number": self.text("number", 60),
            "reference": self.text("reference", 120),
            "notes": self.text("notes", 2000, multiline=True),
            "notes_arabic": self.text("notes_arabic", 2000, multiline=True),
            "external_id": self.text("external_id", 120),
            "document_discount": self.number("document_discount", 4, Decimal(0)) or Decimal(0),
            "prices_include_tax": self.flag("prices_include_tax"),
            "version": self.integer("version"),
        }
