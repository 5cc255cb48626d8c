"""The typed header of an invoice, checked field by field. Pure: no database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import N_
from documents.typed import Collected, TypedLine, parse_lines
from documents.typed_header import HeaderReader, TypedDocument, parse_currency, parse_integer

__all__ = ["TypedInvoice", "parse_currency", "parse_integer", "parse_invoice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedInvoice(TypedDocument):
    """An invoice as typed."""

    customer_id: uuid.UUID
    salesperson_id: int | None = None


def parse_invoice(
    payload: Mapping[str, Any], *, currency: str, today: dt.date, earliest_year: int = 2015
) -> TypedInvoice:
    """Read a typed invoice; raises ValidationErrors that name every wrong field."""
    note = Collected()
    read = HeaderReader(payload, note, earliest_year)
    customer_id = read.party("customer", missing=N_("Choose a customer."))
    header = read.common(currency=currency, today=today)
    nothing: list[TypedLine] = []
    lines = note.take(lambda: parse_lines(payload.get("lines")), nothing)
    typed = TypedInvoice(
        **header,
        customer_id=customer_id,
        salesperson_id=read.integer("salesperson"),
        lines=tuple(lines),
    )
    note.done()
    return typed
