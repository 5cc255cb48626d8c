"""What clients may send for invoices, and how a partial change becomes a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ar.models import Invoice, InvoiceLine
from ar.typed import TypedInvoice, parse_integer, parse_invoice
from documents.api import inputs
from documents.api.inputs import (
    LINE_FIELDS,
    action_body,
    changed_body,
    changed_line_body,
    document_body,
    line_body,
    stored_header,
    stored_line,
    today_of,
    version_of,
)
from documents.typed import TypedLine, parse_line
from tenancy.principal import Principal

__all__ = [
    "LINE_FIELDS",
    "action_body",
    "changed_invoice",
    "changed_line",
    "invoice_body",
    "posted_changes",
    "today_of",
    "typed_invoice",
    "typed_line",
    "version_of",
]

HEADER_FIELDS = inputs.HEADER_FIELDS | {"customer", "salesperson", "terms"}


def invoice_body(data: Any, extra: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the body of an invoice with `lines`; refuses unknown fields, in lines too."""
    return document_body(data, HEADER_FIELDS | extra, LINE_FIELDS)


def typed_invoice(body: Mapping[str, Any], actor: Principal) -> TypedInvoice:
    """Read a whole invoice. Raises ValidationErrors."""
    return parse_invoice(body, currency=actor.currency, today=today_of(actor))


def typed_line(data: Any) -> tuple[TypedLine, dict[str, Any]]:
    """Read one line; the second value holds `merge` and `version`. Raises ValidationErrors."""
    body, rest = line_body(data, LINE_FIELDS)
    return parse_line(body), rest


def changed_line(line: InvoiceLine, changes: Mapping[str, Any]) -> TypedLine:
    """Read a partial change of a stored line; what depends on a changed field is chosen anew."""
    return parse_line(changed_line_body(stored_line(line), changes))


def changed_invoice(
    invoice: Invoice, lines: list[InvoiceLine], changes: Mapping[str, Any], actor: Principal
) -> TypedInvoice:
    """Read a partial change of a draft. Without a version of its own it holds for the version just read."""
    stored = stored_header(invoice) | {
        "customer": invoice.customer_id,
        "salesperson": invoice.salesperson_id,
        "lines": [stored_line(line) for line in lines],
    }
    return typed_invoice(changed_body(stored, changes, party="customer"), actor)


def posted_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Read what may change on a posted invoice, by column; other known fields are passed on to be refused."""
    read = inputs.posted_changes(changes)
    if "salesperson" in read:
        read["salesperson_id"] = parse_integer(read.pop("salesperson"), name="salesperson")
    return read
