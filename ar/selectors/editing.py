"""What the editors of receivables choose from: customers with what they owe, salespeople, VAT rates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from ar.models import Customer, Invoice
from ar.parties import buyer_snapshot
from core.text import search_key
from documents.lifecycle import OPEN
from tenancy.models import Membership
from web.formats import format_amount

PICKED = 10


def salespeople() -> list[tuple[str, str]]:
    """Return (user id, name) of the active members, by name."""
    members = Membership.objects.filter(is_active=True).select_related("user")
    return sorted(
        ((str(one.user_id), one.user.full_name or one.user.email) for one in members),
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


def customer_choices(customers: Sequence[Customer], currency: str) -> list[dict[str, Any]]:
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
            "printed": buyer_snapshot(one),
        }
        for one in customers
    ]


def customers_with(text: str, limit: int) -> list[uuid.UUID]:
    """Return the ids of customers by a search key, best first. Runs as a function: LIKE finds no index under RLS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM ar_search_customers(%s, %s)", [text, limit])
        return [row[0] for row in cursor.fetchall()]


def invoices_numbered(text: str, limit: int) -> list[uuid.UUID]:
    """Return the ids of invoices whose number holds the text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ar_search_invoice_numbers(%s, %s)", [text, limit])
        return [row[0] for row in cursor.fetchall()]


def customer_search(text: str, currency: str) -> list[dict[str, Any]]:
    """Return active customers by code, name, VAT number or phone, best first."""
    needle = search_key(text)
    found = Customer.objects.filter(is_active=True)
    if not needle:
        return customer_choices(list(found.order_by("code")[:PICKED]), currency)
    ids = customers_with(needle, PICKED * 2)
    by_id = {one.pk: one for one in found.filter(pk__in=ids)}
    return customer_choices([by_id[key] for key in ids if key in by_id][:PICKED], currency)
