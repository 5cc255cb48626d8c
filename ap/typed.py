"""Typed bills and supplier credits, checked field by field. Pure: no database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text, parse_date, parse_decimal, parse_integer, parse_uuid
from documents.typed import Collected, TypedLine, parse_line, parse_lines
from documents.typed_header import HeaderReader, TypedDocument

MOST_MONTHS = 120
_TAX_FIELDS = ("tax_code", "vat_rate", "tax_rate", "tax_category", "vat_category")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBill(TypedDocument):
    """A bill as typed. `kind` is set by programs only: `opening` for balances of an older system."""

    supplier_id: uuid.UUID
    supplier_number: str = ""
    duplicate_reason: str = ""
    kind: str = "bill"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSupplierCredit(TypedDocument):
    """A supplier credit that names no bill, as typed."""

    supplier_id: uuid.UUID
    supplier_number: str = ""
    reason: str = ""


def _account(value: Any, field: str) -> uuid.UUID | str | None:
    """Return the id of an account, or its code; the database is asked later."""
    if value is None or value == "":
        return None
    text = clean_text(value, field=field, min_length=1, max_length=40)
    return parse_uuid(text, field=field) if len(text) > 20 else text


def _months(value: Any, field: str) -> int | None:
    if value is None or value == "":
        return None
    months = parse_integer(value, field=field, maximum=MOST_MONTHS)
    if months < 1:
        raise DomainError(N_("Enter a number of months."), code="too_small", field=field)
    return months


def _month(value: Any, field: str) -> dt.date | None:
    """Return the first day of the month of a typed day."""
    if value is None or value == "":
        return None
    return parse_date(value, field=field).replace(day=1)


def _amount(value: Any, field: str) -> Decimal | None:
    if value is None or value == "":
        return None
    return parse_decimal(value, field=field, max_digits=19, places=4, minimum=Decimal(0))


def parse_purchase_line(raw: Mapping[str, Any], at: str = "") -> TypedLine:
    """Read one typed line of a bill: account, months paid for, customs value besides what every line has."""
    note = Collected()
    line = note.take(lambda: parse_line(raw, at), None)
    if not isinstance(raw, Mapping):
        raise ValidationErrors(note.errors)
    extra = {
        "tax_untyped": all(raw.get(name) in (None, "") for name in _TAX_FIELDS),
        "account": note.take(lambda: _account(raw.get("account"), f"{at}account"), None),
        "prepaid_months": note.take(
            lambda: _months(raw.get("prepaid_months"), f"{at}prepaid_months"), None
        ),
        "prepaid_start": note.take(
            lambda: _month(raw.get("prepaid_start"), f"{at}prepaid_start"), None
        ),
        "prepaid_account": note.take(
            lambda: _account(raw.get("prepaid_account"), f"{at}prepaid_account"), None
        ),
        "customs_value": note.take(
            lambda: _amount(raw.get("customs_value"), f"{at}customs_value"), None
        ),
    }
    if extra["prepaid_start"] is not None and extra["prepaid_months"] is None:
        note.errors.append(
            DomainError(
                N_("Enter a number of months."), code="required", field=f"{at}prepaid_months"
            )
        )
    note.done()
    if line is None:  # parse_line returns a line or raises
        raise ValidationErrors(note.errors)
    return replace(line, extra=extra)


def _lines(payload: Mapping[str, Any], note: Collected) -> tuple[TypedLine, ...]:
    nothing: list[TypedLine] = []
    return tuple(
        note.take(lambda: parse_lines(payload.get("lines"), read=parse_purchase_line), nothing)
    )


def parse_bill(
    payload: Mapping[str, Any], *, currency: str, today: dt.date, earliest_year: int = 2015
) -> TypedBill:
    """Read a typed bill; raises ValidationErrors that name every wrong field."""
    note = Collected()
    read = HeaderReader(payload, note, earliest_year)
    supplier_id = read.party("supplier", missing=N_("Choose a supplier."))
    header = read.common(currency=currency, today=today)
    typed = TypedBill(
        **header,
        supplier_id=supplier_id,
        supplier_number=read.text("supplier_number", 60),
        duplicate_reason=read.text("duplicate_reason", 300),
        lines=_lines(payload, note),
    )
    note.done()
    return typed


def parse_supplier_credit(
    payload: Mapping[str, Any], *, currency: str, today: dt.date, earliest_year: int = 2015
) -> TypedSupplierCredit:
    """Read a typed supplier credit; raises ValidationErrors that name every wrong field."""
    note = Collected()
    read = HeaderReader(payload, note, earliest_year)
    supplier_id = read.party("supplier", missing=N_("Choose a supplier."))
    header = read.common(currency=currency, today=today)
    typed = TypedSupplierCredit(
        **header,
        supplier_id=supplier_id,
        supplier_number=read.text("supplier_number", 60),
        reason=read.text("reason", 300),
        lines=_lines(payload, note),
    )
    note.done()
    return typed
