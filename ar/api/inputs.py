"""What clients may send for invoices, and how a partial change becomes a whole one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from api.inputs import body_of, refuse_unknown, rows_of
from ar.models import Invoice, InvoiceLine
from ar.typed import TypedInvoice, parse_integer, parse_invoice
from core.dates import local_today
from core.inputs import clean_text, parse_date
from documents.typed import TypedLine, parse_line
from tenancy.principal import Principal

LINE_FIELDS = frozenset(
    {
        "id",
        "item",
        "item_id",
        "item_code",
        "description",
        "description_arabic",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
        "vat_rate",
        "tax_rate",
        "tax_category",
        "vat_category",
        "tax_code",
    }
)
HEADER_FIELDS = frozenset(
    {
        "customer",
        "issue_date",
        "due_date",
        "supply_date",
        "currency",
        "exchange_rate",
        "salesperson",
        "number",
        "reference",
        "notes",
        "notes_arabic",
        "external_id",
        "document_discount",
        "prices_include_tax",
    }
)
INVOICE_FIELDS = HEADER_FIELDS | {"lines", "line_items", "draft"}


def today_of(actor: Principal) -> dt.date:
    """Return today in the company's time zone."""
    return local_today(str(actor.company.get("timezone") or "Asia/Riyadh"))


def invoice_body(data: Any, extra: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the body of an invoice with `lines`; refuses unknown fields, in lines too."""
    body = body_of(data, INVOICE_FIELDS | extra)
    rows_of(body, "lines", LINE_FIELDS)
    if "line_items" in body:
        rows_of(body, "line_items", LINE_FIELDS)
        body.setdefault("lines", body.pop("line_items"))
    return body


def typed_invoice(body: Mapping[str, Any], actor: Principal) -> TypedInvoice:
    """Read a whole invoice. Raises ValidationErrors."""
    return parse_invoice(body, currency=actor.currency, today=today_of(actor))


def typed_line(data: Any) -> tuple[TypedLine, dict[str, Any]]:
    """Read one line; the second value holds `merge` and `version`. Raises ValidationErrors."""
    body = body_of(data, LINE_FIELDS | {"merge", "version"})
    rest: dict[str, Any] = {name: body.pop(name) for name in ("merge", "version") if name in body}
    return parse_line(body), rest


def stored_line(line: InvoiceLine) -> dict[str, Any]:
    """Return a stored line as parse_line reads it."""
    return {
        "id": line.pk,
        "item": line.item_id,
        "item_code": line.item_code,
        "description": line.description,
        "description_arabic": line.description_arabic,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "discount_percent": line.discount_percent,
        "vat_rate": line.tax_rate,
        "tax_category": line.tax_category,
        "tax_code": line.tax_code,
    }


def changed_line(line: InvoiceLine, changes: Mapping[str, Any]) -> TypedLine:
    """Read a partial change of a stored line; what depends on a changed field is chosen anew."""
    body = stored_line(line)
    if "item" in changes or "item_id" in changes or "item_code" in changes:
        for name in ("item", "item_code", "description", "description_arabic", "unit", "tax_code"):
            body.pop(name)
    if "vat_rate" in changes or "tax_rate" in changes:
        for name in ("vat_rate", "tax_category", "tax_code"):
            body.pop(name, None)
    if "tax_category" in changes or "vat_category" in changes:
        body.pop("tax_category", None)
        body.pop("tax_code", None)
    return parse_line({**body, **changes})


def stored_invoice(invoice: Invoice, lines: list[InvoiceLine]) -> dict[str, Any]:
    """Return a stored draft as parse_invoice reads it."""
    return {
        "customer": invoice.customer_id,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "supply_date": invoice.supply_date,
        "currency": invoice.currency,
        "exchange_rate": invoice.exchange_rate,
        "salesperson": invoice.salesperson_id,
        "number": invoice.number,
        "reference": invoice.reference,
        "notes": invoice.notes,
        "notes_arabic": invoice.notes_arabic,
        "external_id": invoice.external_id,
        "document_discount": invoice.document_discount,
        "prices_include_tax": invoice.prices_include_tax,
        "lines": [stored_line(line) for line in lines],
        "version": invoice.version,
    }


def changed_invoice(
    invoice: Invoice, lines: list[InvoiceLine], changes: Mapping[str, Any], actor: Principal
) -> TypedInvoice:
    """Read a partial change of a draft. Without a version of its own it holds for the version just read."""
    body = stored_invoice(invoice, lines)
    if ("currency" in changes or "issue_date" in changes) and "exchange_rate" not in changes:
        body.pop("exchange_rate")
    if "customer" in changes or "issue_date" in changes:
        body.pop("due_date")
    return typed_invoice({**body, **changes}, actor)


def posted_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Read what may change on a posted invoice, by column; other known fields are passed on to be refused."""
    read: dict[str, Any] = {}
    for name, value in changes.items():
        if name in ("notes", "notes_arabic"):
            read[name] = clean_text(value or "", field=name, max_length=2000, multiline=True)
        elif name == "reference":
            read[name] = clean_text(value or "", field=name, max_length=120)
        elif name == "due_date":
            read[name] = parse_date(value, field=name)
        elif name == "salesperson":
            read["salesperson_id"] = parse_integer(value, name=name)
        else:
            read[name] = value
    return read


def version_of(body: Mapping[str, Any]) -> int | None:
    """Return the version an edit was made on. Raises DomainError for no number."""
    return parse_integer(body.get("version"), name="version")


def action_body(data: Any, *fields: str) -> dict[str, Any]:
    """Return the body of an action: `version` and what the action takes."""
    body = body_of(data or {}, {"version", *fields})
    refuse_unknown(body, {"version", *fields})
    return body
