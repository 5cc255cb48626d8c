"""Suppliers with what we owe them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from ap.models import Bill, Supplier
from ap.selectors.editing import account_text, open_accounts, suppliers_with
from documents.lifecycle import OPEN

MOST_FOUND = 1000
OPEN_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier of a list with the balance in base currency; positive: we owe it."""

    supplier: Supplier
    balance: Decimal


def suppliers_found(text: str, *, state: str = "active") -> QuerySet[Supplier]:
    """Return suppliers by code, name in either language, VAT number or phone; all without a text.

    `state`: active, inactive or all.
    """
    rows: QuerySet[Supplier] = Supplier.objects.order_by("code")
    if state != "all":
        rows = rows.filter(is_active=state != "inactive")
    if text:
        rows = rows.filter(pk__in=suppliers_with(text, MOST_FOUND))
    return rows


def open_bills_of(supplier_id: uuid.UUID) -> list[Bill]:
    """Return what we still have to pay the supplier, the oldest due first."""
    rows = Bill.objects.filter(supplier_id=supplier_id, status__in=sorted(OPEN))
    return list(rows.order_by("due_date", "issue_date", "number")[:OPEN_SHOWN])


def account_codes() -> list[tuple[str, str]]:
    """Return (code, "6310 Rent") of the accounts imported bills may go to."""
    return [(one.code, account_text(one)) for one in open_accounts(goods_by_hand=False)]


def line_accounts() -> list[tuple[str, str]]:
    """Return (id, "6310 Rent") of the accounts a bill's line may go to."""
    rows = open_accounts(goods_by_hand=False)
    return [(str(one.pk), account_text(one)) for one in rows]
