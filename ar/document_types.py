"""The documents of receivables, as data: kind, models, prefix, lifecycle."""

from __future__ import annotations

from ar.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from documents.lifecycle import Lifecycle, Status
from documents.registry import DocumentType, register

INVOICE = register(
    DocumentType(
        kind="ar.invoice",
        header=Invoice,
        line=InvoiceLine,
        prefix="INV",
        title_english="Tax invoice",
        title_arabic="فاتورة ضريبية",
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

CREDIT_NOTE = register(
    DocumentType(
        kind="ar.credit_note",
        header=CreditNote,
        line=CreditNoteLine,
        prefix="CN",
        title_english="Credit note",
        title_arabic="إشعار دائن",
        lifecycle=Lifecycle(
            transitions=frozenset(
                {
                    (Status.DRAFT, Status.POSTED),
                    (Status.POSTED, Status.PARTIALLY_PAID),
                    (Status.POSTED, Status.PAID),
                    (Status.PARTIALLY_PAID, Status.PAID),
                }
            )
        ),
    )
)
