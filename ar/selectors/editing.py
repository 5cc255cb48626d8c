"""What the invoice editor starts with: the document as typed, the people and the lists to choose from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from ar.models import Customer, Invoice, InvoiceLine
from ar.parties import buyer_snapshot
from core.text import search_key
from documents.lifecycle import OPEN
from documents.models import Draft
from inventory.models import Item
from inventory.services.items import item_search
from tenancy.models import Membership
from tenancy.principal import Principal
from web.formats import format_amount, format_unit_price

#: Currencies offered in the editor, the company's own first; others come through the API and the import.
CURRENCIES = ("SAR", "AED", "KWD", "BHD", "OMR", "QAR", "USD", "EUR", "GBP")
PICKED = 10
NAMED_SHOWN = 20


def plain(number: Decimal | None) -> str:
    """Return a number as somebody would type it: no exponent, no trailing zeros."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(price: Decimal, currency: str) -> str:
    """Return a price as somebody would type it: all its digits, at least those of the currency."""
    return format_unit_price(price, currency).replace(",", "")


def line_payload(line: InvoiceLine, currency: str) -> dict[str, Any]:
    """Return a stored line as the editor's grid types it."""
    return {
        "id": str(line.pk),
        "item": str(line.item_id) if line.item_id else "",
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


def invoice_payload(invoice: Invoice, lines: Iterable[InvoiceLine]) -> dict[str, Any]:
    """Return a stored draft as the editor's form types it; parse_invoice reads it back unchanged."""
    return {
        "customer": str(invoice.customer_id),
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else "",
        "supply_date": invoice.supply_date.isoformat() if invoice.supply_date else "",
        "currency": invoice.currency,
        "exchange_rate": plain(invoice.exchange_rate),
        "salesperson": str(invoice.salesperson_id or ""),
        "number": invoice.number,
        "reference": invoice.reference,
        "notes": invoice.notes,
        "notes_arabic": invoice.notes_arabic,
        "document_discount": plain(invoice.document_discount) if invoice.document_discount else "",
        "prices_include_tax": invoice.prices_include_tax,
        "version": invoice.version,
        "lines": [line_payload(line, invoice.currency) for line in lines],
    }


def invoice_with_lines(invoice_id: uuid.UUID) -> tuple[Invoice, list[InvoiceLine]] | None:
    """Return an invoice with customer and lines in two statements, or None."""
    invoice = (
        Invoice.objects.select_related("customer", "salesperson").filter(pk=invoice_id).first()
    )
    if invoice is None:
        return None
    return invoice, list(InvoiceLine.objects.filter(document_id=invoice_id).order_by("position"))


def salespeople() -> list[tuple[int, str]]:
    """Return (user id, name) of the active members, by name."""
    members = Membership.objects.filter(is_active=True).select_related("user")
    return sorted(
        ((one.user_id, one.user.full_name or one.user.email) for one in members),
        key=lambda pair: pair[1].casefold(),
    )


def _open_amounts(customer_ids: Sequence[uuid.UUID], currency: str) -> dict[uuid.UUID, Decimal]:
    rows = (
        Invoice.objects.filter(
            customer_id__in=customer_ids, status__in=sorted(OPEN), currency=currency
        )
        .order_by()
        .values("customer_id")
        .annotate(owed=Sum("open_amount"))
    )
    return {row["customer_id"]: row["owed"] for row in rows}


def customer_choices(customers: Sequence[Customer], *, currency: str) -> list[dict[str, Any]]:
    """Return customers as the picker shows them, with the block a document prints of them. One statement."""
    owed = _open_amounts([one.pk for one in customers], currency)
    return [
        {
            "id": str(one.pk),
            "code": one.code,
            "name": one.name,
            "name_arabic": one.name_arabic,
            "vat_number": one.vat_number,
            "city": one.city,
            "terms": one.payment_terms_days,
            "open": format_amount(owed.get(one.pk, Decimal(0)), currency),
            "limit": format_amount(one.credit_limit, currency) if one.credit_limit else "",
            "over": bool(one.credit_limit and owed.get(one.pk, Decimal(0)) > one.credit_limit),
            "buyer": buyer_snapshot(one),
        }
        for one in customers
    ]


def customer_search(text: str, *, currency: str, limit: int = PICKED) -> list[dict[str, Any]]:
    """Return active customers by code, name, VAT number or phone, best first."""
    needle = search_key(text)
    found = Customer.objects.filter(is_active=True)
    if not needle:
        return customer_choices(list(found.order_by("code")[:limit]), currency=currency)
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM ar_search_customers(%s, %s)", [needle, limit * 2])
        ids = [row[0] for row in cursor.fetchall()]
    by_id = {one.pk: one for one in found.filter(pk__in=ids)}
    return customer_choices([by_id[key] for key in ids if key in by_id][:limit], currency=currency)


def item_choice(item: Item, currency: str) -> dict[str, Any]:
    """Return an item as the picker shows it and a line takes it."""
    return {
        "id": str(item.pk),
        "code": item.code,
        "barcode": item.barcode,
        "name": item.name,
        "name_arabic": item.name_arabic,
        "unit": item.unit,
        "price": price_text(item.price, currency),
        "vat_rate": plain(item.tax_rate),
        "tax_category": item.tax_category,
        "tax_code": item.tax_code,
    }


def item_choices(text: str, *, currency: str, limit: int = PICKED) -> list[dict[str, Any]]:
    """Return items for what was typed or scanned, an exact code or barcode first (PS-16)."""
    return [item_choice(item, currency) for item in item_search(text, limit=limit)]


def items_named(names: Sequence[str], *, currency: str) -> dict[str, dict[str, Any]]:
    """Return items by code, barcode or exact name, keyed by what was asked for. Four statements."""
    wanted = {name.strip() for name in names if name.strip()}
    if not wanted:
        return {}
    keys = sorted(wanted)
    by_name: dict[str, Item] = {}
    rows = Item.objects.filter(is_active=True)
    for field in ("name_arabic", "name", "barcode", "code"):
        for item in rows.filter(**{f"{field}__in": keys}):
            by_name[getattr(item, field)] = item
    return {name: item_choice(item, currency) for name, item in by_name.items() if name in wanted}


def autosaved_draft(*, kind: str, document_id: uuid.UUID | None, actor: Principal) -> Draft | None:
    """Return what the user was typing on this document, or on a new one, when the editor was left; else None."""
    return (  # the manager of company-owned tables is untyped
        Draft.objects.filter(user_id=actor.user_id, kind=kind, document_id=document_id, name="")
        .order_by("-updated_at")
        .first()
    )


def named_drafts(*, kind: str, actor: Principal) -> list[Draft]:
    """Return the drafts the user keeps by hand, newest first, without their content."""
    drafts = Draft.objects.filter(user_id=actor.user_id, kind=kind).exclude(name="")
    return list(drafts.defer("payload").order_by("-updated_at")[:NAMED_SHOWN])
