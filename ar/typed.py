"""The typed header of an invoice, checked field by field. Pure: no database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ar.models.invoices import InvoiceKind
from core.errors import N_, DomainError
from core.inputs import given, parse_uuid
from documents.typed import Collected, TypedLine, parse_lines
from documents.typed_header import HeaderReader, TypedDocument, parse_currency, parse_integer

__all__ = ["TypedInvoice", "parse_currency", "parse_integer", "parse_invoice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedInvoice(TypedDocument):
    """An invoice as typed, or a debit note or prepayment invoice (`kind`), which only creating looks at.

    `terms_typed` False leaves the payment terms to the customer, or as they are on the draft.
    """

    customer_id: uuid.UUID
    salesperson_id: int | None = None
    kind: str = InvoiceKind.INVOICE.value
    corrects_id: uuid.UUID | None = None
    reason: str = ""
    terms_id: uuid.UUID | None = None
    terms_typed: bool = False


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
    corrects, terms = payload.get("corrects"), payload.get("terms")
    typed = TypedInvoice(
        **header,
        customer_id=customer_id,
        salesperson_id=read.integer("salesperson"),
        kind=note.take(lambda: _kind(payload.get("kind")), InvoiceKind.INVOICE.value),
        corrects_id=note.take(lambda: parse_uuid(corrects, field="corrects"), None)
        if corrects
        else None,
        reason=read.text("reason", 300),
        terms_id=note.take(lambda: parse_uuid(terms, field="terms"), None) if terms else None,
        terms_typed="terms" in payload,
        lines=tuple(lines),
    )
    if (typed.kind == InvoiceKind.DEBIT_NOTE) != (typed.corrects_id is not None):
        note.errors.append(
            DomainError(
                N_("A debit note, and nothing else, names the invoice it corrects."),
                code="required",
                field="corrects",
            )
        )
    if typed.kind == InvoiceKind.DEBIT_NOTE and not typed.reason:
        note.errors.append(
            DomainError(N_("This field is required."), code="required", field="reason")
        )
    note.done()
    return typed


def _kind(value: Any) -> str:
    """Return what a person may create; opening balances come by import."""
    kind = given(value, InvoiceKind.INVOICE.value)
    if kind not in (InvoiceKind.INVOICE, InvoiceKind.DEBIT_NOTE, InvoiceKind.PREPAYMENT):
        raise DomainError(
            N_("The kind is invoice, debit_note or prepayment."), code="invalid", field="kind"
        )
    return kind
