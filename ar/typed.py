"""The typed header of an invoice, checked field by field. Pure: no database."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal, parse_uuid
from documents.typed import Collected, TypedLine, parse_lines

_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class TypedInvoice:
    """An invoice as typed; `exchange_rate` None asks for the rate of the date."""

    customer_id: uuid.UUID
    issue_date: dt.date
    lines: tuple[TypedLine, ...]
    due_date: dt.date | None = None
    supply_date: dt.date | None = None
    currency: str = ""
    exchange_rate: Decimal | None = None
    salesperson_id: int | None = None
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
    text = str(value or default).strip().upper()
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


def parse_invoice(
    payload: Mapping[str, Any], *, currency: str, today: dt.date, earliest_year: int = 2015
) -> TypedInvoice:
    """Read a typed invoice; raises ValidationErrors that name every wrong field."""
    note = Collected()

    def text(name: str, maximum: int, *, multiline: bool = False) -> str:
        return note.take(
            lambda: clean_text(
                payload.get(name) or "",
                field=name,
                min_length=0,
                max_length=maximum,
                multiline=multiline,
            ),
            "",
        )

    def date(name: str, default: dt.date | None) -> dt.date | None:
        value = payload.get(name)
        if value is None or value == "":
            return default
        return note.take(lambda: parse_date(value, field=name, earliest=earliest_year), default)

    def number(name: str, places: int, minimum: Decimal) -> Decimal | None:
        value = payload.get(name)
        if value is None or value == "":
            return None
        return note.take(
            lambda: parse_decimal(value, field=name, max_digits=19, places=places, minimum=minimum),
            None,
        )

    customer = payload.get("customer")
    customer_id = None
    if customer is None or customer == "":
        note.errors.append(DomainError(N_("Choose a customer."), code="required", field="customer"))
    else:
        customer_id = note.take(lambda: parse_uuid(customer, field="customer"), None)
    chosen_currency = note.take(
        lambda: parse_currency(payload.get("currency"), name="currency", default=currency), currency
    )
    issue_date = date("issue_date", today) or today
    due_date = date("due_date", None)
    if due_date is not None and due_date < issue_date:
        note.errors.append(
            DomainError(
                N_("The due date is not before the date of the document."),
                code="too_early",
                field="due_date",
            )
        )
    nothing: list[TypedLine] = []
    lines = note.take(lambda: parse_lines(payload.get("lines")), nothing)
    typed = TypedInvoice(
        customer_id=customer_id or uuid.UUID(int=0),
        issue_date=issue_date,
        due_date=due_date,
        supply_date=date("supply_date", None),
        currency=chosen_currency,
        exchange_rate=number("exchange_rate", 8, Decimal("0.00000001")),
        salesperson_id=note.take(
            lambda: parse_integer(payload.get("salesperson"), name="salesperson"), None
        ),
        number=text("number", 60),
        reference=text("reference", 120),
        notes=text("notes", 2000, multiline=True),
        notes_arabic=text("notes_arabic", 2000, multiline=True),
        external_id=text("external_id", 120),
        document_discount=number("document_discount", 4, Decimal(0)) or Decimal(0),
        prices_include_tax=payload.get("prices_include_tax") in (True, "true", "on", "1"),
        version=note.take(lambda: parse_integer(payload.get("version"), name="version"), None),
        lines=tuple(lines),
    )
    note.done()
    return typed
