"""Reads of the bills API: one page of a list, one document with all that belongs to it. Constant statements."""

from __future__ import annotations

import uuid

from django.db.models import Q

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.models import Bill, BillLine, PrepaidPart, SupplierCredit, SupplierCreditLine
from ap.selectors.editing import bills_numbered, suppliers_with
from core.text import search_key
from core.timing import phase
from documents.errors import DocumentNotFound
from documents.selectors.paging import Listing

_MOST_FOUND = 1000


#: Found by their number, ours or the supplier's, or by a part of the supplier.
BILLS = Listing(
    kind=BILL.kind,
    header=Bill,
    party="supplier",
    find=lambda text: {
        "suppliers": suppliers_with(search_key(text), _MOST_FOUND),
        "numbers": bills_numbered(text, _MOST_FOUND),
    },
    where=lambda value: Q(supplier_id__any_of=value("suppliers")) | Q(pk__any_of=value("numbers")),
)

#: Found by the beginning of their number, or by a part of the supplier.
SUPPLIER_CREDITS = Listing(
    kind=SUPPLIER_CREDIT.kind,
    header=SupplierCredit,
    party="supplier",
    find=lambda text: {
        "suppliers": suppliers_with(search_key(text), _MOST_FOUND),
        "beginning": text,
    },
    where=lambda value: (
        Q(supplier_id__any_of=value("suppliers"))
        | Q(number__istartswith=value("beginning"))
        | Q(supplier_number__istartswith=value("beginning"))
    ),
)


def bill_get(bill_id: uuid.UUID) -> tuple[Bill, list[BillLine]]:
    """Return a bill with supplier, creator and lines in two statements. Raises DocumentNotFound."""
    with phase("load"):
        bill = Bill.objects.select_related("supplier", "created_by").filter(pk=bill_id).first()
        if bill is None:
            raise DocumentNotFound(BILL.sentences.missing)
        return bill, bill_lines(bill_id)


def bill_lines(bill_id: uuid.UUID) -> list[BillLine]:
    """Return the lines of a bill in order."""
    return list(BillLine.objects.filter(document_id=bill_id).order_by("position"))


def credit_get(credit_id: uuid.UUID) -> tuple[SupplierCredit, list[SupplierCreditLine]]:
    """Return a supplier credit with its supplier and lines in two statements. Raises DocumentNotFound."""
    with phase("load"):
        rows = SupplierCredit.objects.select_related("supplier", "created_by")
        credit = rows.filter(pk=credit_id).first()
        if credit is None:
            raise DocumentNotFound(SUPPLIER_CREDIT.sentences.missing)
        return credit, credit_lines(credit_id)


def credit_lines(credit_id: uuid.UUID) -> list[SupplierCreditLine]:
    """Return the lines of a supplier credit in order."""
    return list(SupplierCreditLine.objects.filter(document_id=credit_id).order_by("position"))


def credits_of(bill_id: uuid.UUID) -> list[SupplierCredit]:
    """Return the supplier credits over a bill."""
    return list(SupplierCredit.objects.filter(bill_id=bill_id).order_by("issue_date", "id"))


def prepaid_months_of(bill_id: uuid.UUID) -> list[PrepaidPart]:
    """Return the months of the bill's prepaid lines."""
    return list(PrepaidPart.objects.filter(bill_id=bill_id).order_by("line_id", "position"))
