"""Everything about an open invoice that is no payment: for one section of its page and for the API."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ar.models import CreditNote, Customer, Invoice, InvoiceKind, PrepaymentUse, WriteOff
from ar.models.customers import CreditControl
from ar.selectors.prepayments import Prepayment, available_of, prepayments_of, uses_on
from core.money import ZERO
from documents.lifecycle import OPEN, Status
from ledger.selectors.lines import party_balances


@dataclass(frozen=True, slots=True)
class Receivable:
    """Documents that correct the invoice, what relieved it, and what could."""

    debit_notes: list[Invoice]
    credit_notes: list[CreditNote]
    write_offs: list[WriteOff]
    uses: list[PrepaymentUse]
    used_for: list[PrepaymentUse]
    prepayments: list[Prepayment]
    available: object
    is_open: bool
    over_limit: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (
            self.debit_notes or self.credit_notes or self.write_offs or self.uses or self.used_for
        )


def receivable_of(invoice: Invoice) -> Receivable:
    """Return the facts of one invoice; a constant number of statements."""
    is_open = invoice.status in OPEN
    prepayment = invoice.kind == InvoiceKind.PREPAYMENT
    offered = is_open and invoice.kind == InvoiceKind.INVOICE
    return Receivable(
        debit_notes=list(
            Invoice.objects.filter(corrects_id=invoice.pk).order_by("issue_date", "id")
        ),
        credit_notes=list(
            CreditNote.objects.filter(invoice_id=invoice.pk)
            .exclude(status=Status.DRAFT)
            .order_by("issue_date", "number")
        ),
        write_offs=list(WriteOff.objects.filter(invoice_id=invoice.pk).order_by("created_at")),
        uses=uses_on(invoice.pk),
        used_for=list(
            PrepaymentUse.objects.filter(prepayment_id=invoice.pk)
            .select_related("invoice")
            .order_by("created_at")
        )
        if prepayment
        else [],
        prepayments=prepayments_of(invoice.customer_id, currency=invoice.currency)
        if offered
        else [],
        available=available_of(invoice) if prepayment else ZERO,
        is_open=is_open,
        over_limit=is_open and is_over_limit(invoice.customer),
    )


def is_over_limit(customer: Customer) -> bool:
    """Return whether the customer owes more than the limit; no statement for customers without one."""
    if customer.credit_limit is None or customer.credit_control == CreditControl.OFF:
        return False
    owed: Decimal = party_balances([customer.pk]).get(customer.pk, ZERO)
    return owed > customer.credit_limit
