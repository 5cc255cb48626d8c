"""Customers with what they owe."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from ar.models import Customer, Invoice
from documents.lifecycle import OPEN

MOST_FOUND = 1000
OPEN_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer of a list with the balance in base currency; positive: owes us."""

    customer: Customer
    balance: Decimal


def customers_found(text: str, *, state: str = "active") -> QuerySet[Customer]:
    """Return customers by code, name in either language, VAT number or phone; all without a text.

    `state`: active, inactive or all. Search runs as a function: LIKE finds no index under row-level security.
    """
    rows: QuerySet[Customer] = Customer.objects.order_by("code")
    if state != "all":
        rows = rows.filter(is_active=state != "inactive")
    if text:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customer_id FROM ar_search_customers(%s, %s)", [text, MOST_FOUND]
            )
            rows = rows.filter(pk__in=[row[0] for row in cursor.fetchall()])
    return rows


def open_invoices_of(customer_id: uuid.UUID) -> list[Invoice]:
    """Return what the customer still has to pay, the oldest due first."""
    rows = Invoice.objects.filter(customer_id=customer_id, status__in=sorted(OPEN))
    return list(rows.order_by("due_date", "issue_date", "number")[:OPEN_SHOWN])
