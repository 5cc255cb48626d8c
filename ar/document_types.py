"""The documents of receivables, as data: kind, models, prefix, lifecycle."""

from __future__ import annotations

from ar.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from ar.models.invoices import InvoiceKind
from core.errors import N_
from documents.lifecycle import POSTED_AND_SETTLED, Lifecycle, Status
from documents.registry import DocumentType, Sentences, register

#: Kind and prefix of the number series of what the table of invoices holds.
SERIES = {
    InvoiceKind.INVOICE.value: ("ar.invoice", "INV"),
    InvoiceKind.DEBIT_NOTE.value: ("ar.debit_note", "DN"),
    InvoiceKind.PREPAYMENT.value: ("ar.prepayment", "PRE"),
    InvoiceKind.OPENING.value: ("ar.opening", "OPN"),
}


def series_of(document: Invoice) -> tuple[str, str]:
    """Return the kind and the prefix that the document is numbered in."""
    return SERIES[document.kind]


INVOICE = register(
    DocumentType(
        kind="ar.invoice",
        header=Invoice,
        line=InvoiceLine,
        prefix="INV",
        title_english="Tax invoice",
        title_arabic="فاتورة ضريبية",
        lifecycle=Lifecycle(POSTED_AND_SETTLED | {(Status.POSTED, Status.VOID)}),
        sentences=Sentences(
            missing=N_("There is no such invoice."),
            locked=N_("This invoice is locked by an owner."),
            frozen=N_("A posted invoice never changes; correct it by a credit note."),
            number_used=N_("This number is used by another invoice."),
        ),
        series_of=series_of,
        taken_prefixes=("CN", "DN", "PRE", "OPN"),
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
        lifecycle=Lifecycle(POSTED_AND_SETTLED),
        sentences=Sentences(
            missing=N_("There is no such credit note."),
            locked=N_("This credit note is locked by an owner."),
            frozen=N_("A posted credit note never changes."),
            number_used=N_("This number is used by another credit note."),
        ),
        taken_prefixes=("INV", "DN", "PRE", "OPN"),
    )
)
