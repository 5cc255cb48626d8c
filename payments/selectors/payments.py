"""Payments of a list, of an invoice, and what one settled."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from payments.models import Allocation, Payment, PaymentAccount

MOST_FOUND = 1000
_ITEMS = ("payment", "credit_note", "supplier_credit", "entry", "invoice", "bill", "refund")


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What a list of payments is narrowed to; empty: not at all."""

    text: str = ""
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    status: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """Sums of the filtered payments of one direction in one currency."""

    direction: str
    currency: str
    count: int
    amount: Decimal
    open_amount: Decimal


def payments_found(wanted: PaymentFilter) -> QuerySet[Payment]:
    """Return payments by number or customer, dates and state, newest first."""
    rows: QuerySet[Payment] = Payment.objects.select_related(
        "customer", "supplier", "payment_account"
    )
    if wanted.text:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array(SELECT customer_id FROM ar_search_customers(%(text)s, %(most)s)), "
                "array(SELECT supplier_id FROM ap_search_suppliers(%(text)s, %(most)s))",
                {"text": wanted.text, "most": MOST_FOUND},
            )
            customers, suppliers = cursor.fetchone()
        rows = rows.filter(
            Q(customer_id__in=customers)
            | Q(supplier_id__in=suppliers)
            | Q(number__istartswith=wanted.text)
        )
    if wanted.direction in Payment.Direction.values:
        rows = rows.filter(direction=wanted.direction)
    if wanted.date_from:
        rows = rows.filter(date__gte=wanted.date_from)
    if wanted.date_to:
        rows = rows.filter(date__lte=wanted.date_to)
    if wanted.status in Payment.Status.values:
        rows = rows.filter(status=wanted.status)
    return rows.order_by("-date", "-id")


def payment_sums(rows: QuerySet[Payment]) -> list[PaymentSums]:
    """Return count and sums by direction and currency; reversed payments do not count as money."""
    found = (
        rows.filter(status=Payment.Status.POSTED)
        .order_by("direction", "currency")
        .values("direction", "currency")
        .annotate(count=Count("pk"), total=Sum("amount"), rest=Sum("open_amount"))
    )
    return [
        PaymentSums(row["direction"], row["currency"], row["count"], row["total"], row["rest"])
        for row in found
    ]


def allocations_of_payment(payment_id: uuid.UUID) -> QuerySet[Allocation]:
    """Return what a payment settled, or what settled a refund, with the documents."""
    rows: QuerySet[Allocation] = Allocation.objects.filter(
        Q(payment_id=payment_id) | Q(refund_id=payment_id)
    )
    return rows.select_related(*_ITEMS).order_by("created_at", "id")


def allocations_of(kind: str, document_id: uuid.UUID) -> QuerySet[Allocation]:
    """Return the allocations of a document or credit (`kind` is their column), with both items."""
    rows: QuerySet[Allocation] = Allocation.objects.filter(**{f"{kind}_id": document_id})
    return rows.select_related(*_ITEMS).order_by("created_at", "id")


def account_last_used(user_id: int) -> uuid.UUID | None:
    """Return the payment account this person used last, else the company's first one."""
    last: uuid.UUID | None = (
        Payment.objects.filter(created_by_id=user_id, payment_account__is_active=True)
        .order_by("-date", "-id")
        .values_list("payment_account_id", flat=True)
        .first()
    )
    if last is None:
        # "cash" sorts last: most shops take their first money over the counter
        active = PaymentAccount.objects.filter(is_active=True).order_by("-kind", "code")
        last = active.values_list("pk", flat=True).first()
    return last
