"""Reads of the invoice API: one page of a list, one invoice with all that belongs to it. Constant statements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

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
    "InvoiceRow",
    "credit_notes_of",
    "filtered",
    "found_by",
    "invoice_get",
    "invoice_lines",
    "invoice_page",
]

InvoiceQuery = DocumentQuery
_MOST_FOUND = 1000


class InvoiceRow(NamedTuple):
    """What a list shows of an invoice, named as on the model."""

    pk: uuid.UUID
    number: str | None
    status: str
    version: int
    customer_id: uuid.UUID
    issue_date: dt.date
    due_date: dt.date | None
    currency: str
    subtotal: Decimal | None
    tax_amount: Decimal | None
    total: Decimal | None
    allocated_amount: Decimal
    is_locked: bool
    reference: str
    customer_name: str
    customer_name_arabic: str


_COLUMNS = tuple(name.replace("customer_name", "customer__name") for name in InvoiceRow._fields)


def found_by(text: str) -> Q:
    """Return invoices whose number or customer contains the text. One statement, by index inside the functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT true, customer_id FROM ar_search_customers(%s, %s) "
            "UNION ALL SELECT false, number FROM ar_search_invoice_numbers(%s, %s) AS number",
            [search_key(text), _MOST_FOUND, text, _MOST_FOUND],
        )
        found = cursor.fetchall()
    customers = [key for is_customer, key in found if is_customer]
    numbers = [key for is_customer, key in found if not is_customer]
    return Q(customer_id__in=customers) | Q(pk__in=numbers)


def filtered(wanted: InvoiceQuery) -> QuerySet[Any]:
    """Return the invoices that match."""
    return paging.filtered(INVOICE, wanted, party="customer", found_by=found_by)


def invoice_page(
    wanted: InvoiceQuery, *, start: int, stop: int, order: Sequence[str] = NEWEST
) -> tuple[list[InvoiceRow], int]:
    """Return the rows of a page, with what a list shows and nothing else, and how many invoices match."""
    found, count = paging.page_and_count(
        INVOICE,
        wanted,
        filtered(wanted),
        start=start,
        stop=stop,
        party="customer",
        order=order,
        columns=_COLUMNS,
    )
    return [InvoiceRow._make(row) for row in found], count


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
