"""Reads of the invoice API: one page of a list, one invoice with all that belongs to it. Constant statements."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from ar.document_types import INVOICE
from ar.models import CreditNote, Invoice, InvoiceLine
from core.errors import N_
from core.text import search_key
from core.timing import phase
from documents.errors import DocumentNotFound
from documents.selectors import paging
from documents.selectors.paging import NEWEST, ORDERINGS, STATUSES, DocumentQuery

__all__ = [
    "NEWEST",
    "ORDERINGS",
    "STATUSES",
    "InvoiceQuery",
    "credit_notes_of",
    "filtered",
    "found_by",
    "invoice_count",
    "invoice_get",
    "invoice_lines",
    "invoice_page",
]

InvoiceQuery = DocumentQuery
_MOST_FOUND = 1000


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
    return paging.filtered(INVOICE, wanted, party="customer", found_by=found_by)


def invoice_count(wanted: InvoiceQuery, rows: QuerySet[Any]) -> int:
    """Return how many match: from the kept counts when nothing but the state is asked for."""
    return paging.count(INVOICE, wanted, rows)


def invoice_page(
    rows: QuerySet[Any], *, start: int, stop: int, count: int, order: Sequence[str] = NEWEST
) -> list[Invoice]:
    """Return the rows of a page with their customers."""
    return paging.page(
        INVOICE, rows, start=start, stop=stop, count=count, party="customer", order=order
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
