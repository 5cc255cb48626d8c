"""Invoices past their due date. Overdue is derived from the day, never a state of the document (SP-6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from ar.models import Invoice
from documents.lifecycle import OPEN


def overdue_invoices(today: dt.date) -> QuerySet[Invoice]:
    """Return what is open and past due at the start of `today`, the oldest first."""
    rows: QuerySet[Invoice] = Invoice.objects.filter(status__in=sorted(OPEN), due_date__lt=today)
    return rows.order_by("due_date", "issue_date", "number")


def overdue_of(customer_id: uuid.UUID, today: dt.date, most: int = 200) -> Sequence[Invoice]:
    """Return one customer's overdue invoices, those on hold left out."""
    rows = overdue_invoices(today).filter(customer_id=customer_id, settlement_hold="")
    return list(rows[:most])
