"""Stored bills and supplier credits as they print. Pure: reads what the caller loaded, runs no SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ap.models import Bill, Supplier, SupplierCredit
from ap.parties import supplier_snapshot
from documents.lifecycle import Status
from documents.models import DocumentLine
from documents.parties import company_block
from documents.print_parties import stored_sheet
from documents.printing import Language, PrintDocument


def print_purchase(
    document: Bill | SupplierCredit,
    lines: Sequence[DocumentLine],
    company: Mapping[str, Any],
    *,
    supplier: Supplier | None = None,
    language: Language = "both",
) -> PrintDocument:
    """Return the sheet of a bill or supplier credit: the supplier sells, we buy.

    `company` is the principal's company, used for drafts; `supplier` spares a query where the caller has it.
    """
    posted = document.status != Status.DRAFT
    credit = document if isinstance(document, SupplierCredit) else None
    own: dict[str, Any] = {"your_reference": document.supplier_number}
    if credit is not None:
        own |= {"due_date": None, "original_number": credit.reference, "reason": credit.reason}
    return stored_sheet(
        document,
        lines,
        kind="supplier_credit" if credit else "bill",
        seller={} if posted else supplier_snapshot(supplier or document.supplier),
        buyer={} if posted else company_block(company),
        base_currency=str(company.get("currency") or ""),
        language=language,
        **own,
    )
