"""Reads of the invoice API: one page of a list, one invoice with all that belongs to it. Constant statements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from ar.models import CreditNote, Invoice, InvoiceLine
from core.errors import N_
from core.text import search_key
from core.timing import phase
from documents.errors import DocumentNotFound
from documents.lifecycle import OPEN, Status
from documents.models import DocumentSummary

OVERDUE = "overdue"
STATUSES = frozenset({*(status.value for status in Status), OVERDUE})
#: `?ordering=` -> columns; the key last, so that pages never overlap.
ORDERINGS: dict[str, tuple[str, ...]] = {
    "issue_date": ("issue_date", "id"),
    "-issue_date": ("-issue_date", "-id"),
    "due_date": ("due_date", "id"),
    "-due_date": ("-due_date", "-id"),
    "number": ("number", "id"),
    "-number": ("-number", "-id"),
    "total": ("total", "id"),
    "-total": ("-total", "-id"),
    "open_amount": ("open_amount", "id"),
    "-open_amount": ("-open_amount", "-id"),
    "created_at": ("created_at", "id"),
    "-created_at": ("-created_at", "-id"),
}
NEWEST = ("-issue_date", "-id")
_MOST_FOUND = 1000


@dataclass(frozen=True, slots=True)
class InvoiceQuery:
    """What a list is filtered by; empty filters nothing."""

    status: str = ""
    customer_id: uuid.UUID | None = None
    number: str = ""
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    search: str = ""
    today: dt.date | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the kept counts know the answer."""
        return self.status != OVERDUE and not (
            self.customer_id or self.number or self.date_from or self.date_to or self.search
        )


def found_by(text: str) -> Q:
    """Return invoices whose number or customer contains the text. Two statements, by index inside the functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM ar_search_customers(%s, %s)", [search_key(text), _MOST_FOUND]
        )
        customers = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT * FROM ar_search_invoice_numbers(%s, %s)", [text, _MOST_FOUND])
        numbers = [row[0] for row in cursor.fetchall()]
    return Q(customer_id__in=customers) | Q(pk__in=numbers)


def filtered(wanted: InvoiceQuery) -> QuerySet[Any]:
    """Return the invoices that match."""
    rows = Invoice.objects.all()
    if wanted.status == OVERDUE:
        rows = rows.filter(status__in=sorted(OPEN), due_date__lt=wanted.today)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.customer_id:
        rows = rows.filter(customer_id=wanted.customer_id)
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    if wanted.date_from:
        rows = rows.filter(issue_date__gte=wanted.date_from)
    if wanted.date_to:
        rows = rows.filter(issue_date__lte=wanted.date_to)
    if wanted.search:
        rows = rows.filter(found_by(wanted.search))
    return rows


def invoice_count(wanted: InvoiceQuery, rows: QuerySet[Any]) -> int:
    """Return how many match: from the kept counts when nothing but the state is asked for."""
    if not wanted.is_counted:
        return rows.count()
    kept = DocumentSummary.objects.filter(kind="ar.invoice")
    if wanted.status:
        kept = kept.filter(status=wanted.status)
    return int(kept.aggregate(n=Sum("document_count"))["n"] or 0)


def invoice_page(
    rows: QuerySet[Any], *, start: int, stop: int, count: int, order: Sequence[str] = NEWEST
) -> list[Invoice]:
    """Return the rows of a page with their customers: keys first by index, then the rows.

    A page in the second half is counted from the end, so the last page costs what the first does.
    """
    stop = min(stop, count)
    if start >= stop:
        return []
    if start > count // 2:
        turned = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
        keys = rows.order_by(*turned).values("pk")[count - stop : count - start]
    else:
        keys = rows.order_by(*order).values("pk")[start:stop]
    return list(
        Invoice.objects.filter(pk__in=keys)
        .select_related("customer")
        .defer("seller", "buyer", "tax_breakdown", "notes", "notes_arabic")
        .order_by(*order)
    )


def invoice_get(invoice_id: uuid.UUID) -> tuple[Invoice, list[InvoiceLine]]:
    """Return an invoice with customer, creator, salesperson and lines in two statements. Raises DocumentNotFound."""
    with phase("load"):
        invoice = (
            Invoice.objects.select_related("customer", "created_by", "salesperson")
            .filter(pk=invoice_id)
            .first()
        )
        if invoice is None:
            raise DocumentNotFound(N_("There is no such invoice."))
        return invoice, invoice_lines(invoice_id)


def invoice_lines(invoice_id: uuid.UUID) -> list[InvoiceLine]:
    """Return the lines of an invoice in order."""
    return list(InvoiceLine.objects.filter(document_id=invoice_id).order_by("position"))


def credit_notes_of(invoice_id: uuid.UUID) -> list[CreditNote]:
    """Return the credit notes over an invoice."""
    return list(CreditNote.objects.filter(invoice_id=invoice_id).order_by("issue_date", "id"))
