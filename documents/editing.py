"""Stored documents as the editor types them. Pure: reads what the caller loaded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from documents.models import DocumentHeader, DocumentLine
from web.formats import format_unit_price

#: Currencies offered in the editor, the company's own first; others come through the API and the import.
CURRENCIES = ("SAR", "AED", "KWD", "BHD", "OMR", "QAR", "USD", "EUR", "GBP")


def currency_choices(own: str) -> list[tuple[str, str]]:
    """Return the currencies to choose from, the company's own first."""
    return [(code, code) for code in (own, *(one for one in CURRENCIES if one != own))]


def plain(number: Decimal | None) -> str:
    """Return a number as somebody would type it: no exponent, no trailing zeros."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(price: Decimal, currency: str) -> str:
    """Return a price as somebody would type it: all its digits, at least those of the currency."""
    return format_unit_price(price, currency).replace(",", "")


def typed_date(value: dt.date | None) -> str:
    """Return a date as a date field holds it."""
    return value.isoformat() if value else ""


def line_payload(line: DocumentLine, currency: str) -> dict[str, Any]:
    """Return the common fields of a stored line as the grid types them."""
    item_id = line.item_id
    return {
        "id": str(line.pk),
        "item": str(item_id) if item_id else "",
        "item_code": line.item_code,
        "description": line.description,
        "description_arabic": line.description_arabic,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": price_text(line.unit_price, currency),
        "discount_percent": plain(line.discount_percent) if line.discount_percent else "",
        "vat_rate": plain(line.tax_rate),
        "tax_category": line.tax_category,
        "tax_code": line.tax_code,
    }


def header_payload(document: DocumentHeader) -> dict[str, Any]:
    """Return the common fields of a stored head as the editor types them; lines and party are the kind's own."""
    return {
        "issue_date": document.issue_date.isoformat(),
        "due_date": typed_date(document.due_date),
        "supply_date": typed_date(document.supply_date),
        "currency": document.currency,
        "exchange_rate": plain(document.exchange_rate),
        "rate_reason": document.rate_reason,
        "number": document.number,
        "reference": document.reference,
        "notes": document.notes,
        "notes_arabic": document.notes_arabic,
        "document_discount": plain(document.document_discount)
        if document.document_discount
        else "",
        "prices_include_tax": document.prices_include_tax,
        "version": document.version,
    }
