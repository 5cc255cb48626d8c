"""The documents of payables, as data: kind, models, prefix, lifecycle."""

from __future__ import annotations

from ap.models import Bill, BillLine, SupplierCredit, SupplierCreditLine
from documents.lifecycle import Lifecycle, Status
from documents.registry import DocumentType, register

BILL = register(
    DocumentType(
        kind="ap.bill",
        header=Bill,
        line=BillLine,
        prefix="BILL",
        title_english="Bill",
        title_arabic="فاتورة مورد",
        lifecycle=Lifecycle(
            transitions=frozenset(
                {
                    (Status.DRAFT, Status.POSTED),
                    (Status.POSTED, Status.PARTIALLY_PAID),
                    (Status.POSTED, Status.PAID),
                    (Status.PARTIALLY_PAID, Status.PAID),
                    (Status.PARTIALLY_PAID, Status.POSTED),
                    (Status.PAID, Status.PARTIALLY_PAID),
                    (Status.PAID, Status.POSTED),
                    (Status.POSTED, Status.VOID),
                }
            )
        ),
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
        lifecycle=Lifecycle(
            transitions=frozenset(
                {
                    (Status.DRAFT, Status.POSTED),
                    (Status.POSTED, Status.PARTIALLY_PAID),
                    (Status.POSTED, Status.PAID),
                    (Status.PARTIALLY_PAID, Status.PAID),
                    (Status.PARTIALLY_PAID, Status.POSTED),
                    (Status.PAID, Status.PARTIALLY_PAID),
                    (Status.PAID, Status.POSTED),
                }
            )
        ),
    )
)
