"""Reads of the invoice API: one page of a list, one invoice with all that belongs to it. Constant statements."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from ar.document_types import INVOICE
from ar.models import Invoice, InvoiceLine
from core.errors import N_
from core.text import search_key
from core.timing import phase
from documents.errors import DocumentNotFound
from documents.selectors.paging import Listing
from documents.services.lines import lines_of
from tenancy.statements import Statement, slot

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


def _find(text: str) -> dict[str, Any]:
    """Return the ids of customers and of invoices that the text names. One statement, by index inside the functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT true, customer_id FROM ar_search_customers(%s, %s) "
            "UNION ALL SELECT false, number FROM ar_search_invoice_numbers(%s, %s) AS number",
            [search_key(text), _MOST_FOUND, text, _MOST_FOUND],
        )
        found = cursor.fetchall()
    customers = [key for is_customer, key in found if is_customer]
    numbers = [key for is_customer, key in found if not is_customer]
    return {"customers": customers, "numbers": numbers}


#: The list shows what InvoiceRow names and reads nothing else.
INVOICES = Listing(
    kind=INVOICE.kind,
    header=Invoice,
    party="customer",
    find=_find,
    where=lambda value: Q(customer_id__any_of=value("customers")) | Q(pk__any_of=value("numbers")),
    columns=tuple(name.replace("customer_name", "customer__name") for name in InvoiceRow._fields),
    make=InvoiceRow._make,
)

_INVOICE: Statement[Invoice] = Statement(
    Invoice,
    lambda rows: rows.select_related("customer", "created_by", "salesperson").filter(pk=slot("id")),
)


def invoice_get(invoice_id: uuid.UUID) -> tuple[Invoice, list[InvoiceLine]]:
    """Return an invoice with customer, creator, salesperson and lines in two statements. Raises DocumentNotFound."""
    with phase("load"):
        invoice = _INVOICE.first(id=invoice_id)
        if invoice is None:
            raise DocumentNotFound(N_("There is no such invoice."))
        return invoice, invoice_lines(invoice_id)


def invoice_lines(invoice_id: uuid.UUID) -> list[InvoiceLine]:
    """Return the lines of an invoice in order."""
    return lines_of(INVOICE, invoice_id)
