"""Invoices, credit notes and customers as the API shows them (design 10). Plain dicts: these are hot paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.shapes import day, maybe_money, moment, plain
from ar.models import CreditNote, CreditNoteLine, Customer, Invoice, InvoiceLine
from ar.selectors.invoice_api import InvoiceRow
from documents.api import shapes
from documents.api.shapes import line_shape, person_shape, totals_shape

__all__ = [
    "customer_shape",
    "document_shape",
    "header_shape",
    "line_shape",
    "person_shape",
    "totals_shape",
]


def header_shape(document: Invoice | CreditNote | InvoiceRow) -> dict[str, Any]:
    """Return a document without its lines. Reads loaded columns only."""
    return shapes.header_shape(document, "customer")


def document_shape(
    document: Invoice | CreditNote, lines: Iterable[InvoiceLine | CreditNoteLine] | None = None
) -> dict[str, Any]:
    """Return a whole document; `lines` None leaves them out."""
    rows = None if lines is None else list(lines)
    shape = shapes.document_shape(document, rows, "customer")
    if isinstance(document, Invoice):
        shape["kind"] = document.kind
        shape["corrects"] = str(document.corrects_id) if document.corrects_id else None
        shape["reason"] = document.reason
        shape["terms"] = str(document.terms_id) if document.terms_id else None
        shape["early_discount_percent"] = plain(document.early_discount_percent)
        shape["early_discount_until"] = day(document.early_discount_until)
        shape["settlement_hold"] = document.settlement_hold
        shape["warnings"] = ["credit_limit_exceeded"] if document.over_credit_limit else []
        shape["salesperson"] = document.salesperson_id
        shape["commission_percent"] = plain(document.commission_percent)
    else:
        shape["invoice"] = str(document.invoice_id) if document.invoice_id else None
        shape["reason"] = document.reason
    if rows is not None:
        shape["lines"] = [line_shape(line, document.currency) for line in rows]
    return shape


def customer_shape(customer: Customer) -> dict[str, Any]:
    """Return one customer."""
    return {
        "id": str(customer.pk),
        "version": customer.version,
        "code": customer.code,
        "name": customer.name,
        "name_arabic": customer.name_arabic,
        "vat_number": customer.vat_number,
        "cr_number": customer.cr_number,
        "street": customer.street,
        "building_number": customer.building_number,
        "district": customer.district,
        "city": customer.city,
        "city_arabic": customer.city_arabic,
        "postal_code": customer.postal_code,
        "country": customer.country,
        "phone": customer.phone,
        "email": customer.email,
        "language": customer.language,
        "payment_terms_days": customer.payment_terms_days,
        "terms": str(customer.terms_id) if customer.terms_id else None,
        "credit_limit": maybe_money(customer.credit_limit, "SAR"),
        "credit_control": customer.credit_control,
        "reminders_stopped": customer.reminders_stopped,
        "notes": customer.notes,
        "is_cash": customer.is_cash,
        "is_active": customer.is_active,
        "created_at": moment(customer.created_at),
    }
