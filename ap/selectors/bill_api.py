"""Reads of the bills API: one page of a list, one document with all that belongs to it. Constant statements."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.models import Bill, BillLine, PrepaidPart, SupplierCredit, SupplierCreditLine
from ap.selectors.editing import bills_numbered, suppliers_with
from core.text import search_key
from core.timing import phase
from documents.errors import DocumentNotFound

_MOST_FOUND = 1000


def bills_found(text: str) -> Q:
    """Return bills whose number, ours or the supplier's, or whose supplier contains the text."""
    suppliers = suppliers_with(search_key(text), _MOST_FOUND)
    return Q(supplier_id__in=suppliers) | Q(pk__in=bills_numbered(text, _MOST_FOUND))


def credits_found(text: str) -> Q:
    """Return supplier credits whose number begins with the text, or whose supplier contains it."""
    suppliers = suppliers_with(search_key(text), _MOST_FOUND)
    named: Any = Q(number__istartswith=text) | Q(supplier_number__istartswith=text)
    return Q(supplier_id__in=suppliers) | named


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
