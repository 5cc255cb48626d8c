"""The documents of payables, as data: kind, models, prefix, lifecycle."""

from __future__ import annotations

from ap.models import Bill, BillLine, SupplierCredit, SupplierCreditLine
from core.errors import N_
from documents.lifecycle import POSTED_AND_SETTLED, Lifecycle, Status
from documents.registry import DocumentType, Sentences, register

#: Columns of a purchase line beyond those of every document.
LINE_FIELDS = (
    "account_id",
    "prepaid_months",
    "prepaid_start",
    "prepaid_account_id",
    "customs_value",
)
_SERIES = {"bill": ("ap.bill", "BILL"), "opening": ("ap.opening", "OPB")}


def series_of(document: Bill) -> tuple[str, str]:
    """Return the kind and the prefix that the bill is numbered in."""
    return _SERIES[document.kind]


BILL = register(
    DocumentType(
        kind="ap.bill",
        header=Bill,
        line=BillLine,
        prefix="BILL",
        title_english="Bill",
        title_arabic="فاتورة مورد",
        lifecycle=Lifecycle(POSTED_AND_SETTLED | {(Status.POSTED, Status.VOID)}),
        sentences=Sentences(
            missing=N_("There is no such bill."),
            locked=N_("This bill is locked by an owner."),
            frozen=N_("A posted bill never changes; correct it by a supplier credit."),
            number_used=N_("This number is used by another bill."),
        ),
        line_fields=LINE_FIELDS,
        series_of=series_of,
        taken_prefixes=("OPB", "SC"),
    )
)

SUPPLIER_CREDIT = register(
    DocumentType(
        kind="ap.supplier_credit",
        header=SupplierCredit,
        line=SupplierCreditLine,
        prefix="SC",
        title_english="Supplier credit",
        title_arabic="إشعار دائن من مورد",
        lifecycle=Lifecycle(POSTED_AND_SETTLED),
        sentences=Sentences(
            missing=N_("There is no such supplier credit."),
            locked=N_("This supplier credit is locked by an owner."),
            frozen=N_("A posted supplier credit never changes."),
            number_used=N_("This number is used by another supplier credit."),
        ),
        line_fields=LINE_FIELDS,
        taken_prefixes=("BILL", "OPB"),
    )
)
