"""What of a bill was billed, and what supplier credits took back of it already."""

from __future__ import annotations

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.models import Bill, BillLine
from documents.selectors import crediting
from documents.selectors.crediting import Crediting

BILL_CREDITS = Crediting(
    source=BILL, credit=SUPPLIER_CREDIT, source_field="bill_id", line_field="source_line_id"
)
CreditableLine = crediting.CreditableLine[BillLine]


def creditable_lines(bill: Bill) -> list[CreditableLine]:
    """Return every line of the bill with what can still be taken back of it."""
    return crediting.creditable_lines(BILL_CREDITS, bill)
