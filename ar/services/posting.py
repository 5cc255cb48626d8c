"""Posting: from here on an invoice or credit note is history (design 6)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from ar.document_types import INVOICE
from ar.errors import InvoiceHasPayments
from ar.models import CreditNote, Customer, Invoice, InvoiceKind, InvoiceLine
from ar.posting import post_invoice
from ar.services.building import (
    buyer_snapshot,
    commission_base,
    customer_for,
    sale_facts,
    salesperson_percent,
    seller_snapshot,
)
from ar.services.credit_limits import credit_limit_check
from ar.services.invoices import invoice_build
from ar.services.notes import credit_note_build, credit_note_issue
from ar.signals import credit_note_posted, invoice_paid, invoice_posted
from ar.typed import TypedInvoice
from ar.typed_credit import TypedCredit
from core.errors import N_, DomainError
from core.timing import phase
from core.transactions import write
from documents.errors import TransitionRefused
from documents.lifecycle import Status
from documents.services.loading import document_for_update, require_unlocked
from documents.services.posting import (
    mark_posted,
    mark_void,
    number_take,
    posted_insert,
    posted_update,
    posting_open,
)
from documents.versions import require_version
from inventory.services.lines import TaxInfo, tax_table
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns that posting writes on an invoice, besides those of every document.
OWN_FIELDS = ("commission_base", "commission_percent", "paid_at")


def _finish_posting(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    customer: Customer,
    actor: Principal,
    tax_codes: dict[str, TaxInfo],
) -> None:
    """Number, journal, snapshots and state on an invoice that is about to be saved."""
    if invoice.kind == InvoiceKind.PREPAYMENT:
        require_one_vat_code(lines)
    number_take(INVOICE, invoice)
    with phase("journal"):
        draft, amounts = post_invoice(
            sale_facts(
                invoice,
                lines,
                source_kind=INVOICE.kind,
                party_id=customer.pk,
                base_currency=actor.currency,
                tax_codes=tax_codes,
            ),
            kind=invoice.kind,
        )
        invoice.over_credit_limit = credit_limit_check(customer, amounts.total, actor=actor)
        if draft is not None:
            journal_post([draft])
    invoice.commission_base = commission_base(
        invoice,
        base_total=amounts.total,
        base_tax=amounts.tax,
        rule=str(actor.company.get("commission_base", "net")),
    )
    mark_posted(
        invoice,
        base_total=amounts.total,
        base_tax=amounts.tax,
        seller=seller_snapshot(actor.company),
        buyer=buyer_snapshot(customer),
        actor=actor,
    )
    invoice.paid_at = None if invoice.total else invoice.posted_at


@write
def invoice_post(*, invoice_id: uuid.UUID, actor: Principal, version: int | None = None) -> Invoice:
    """Post a draft: number, balanced journal, frozen totals and parties, state. At most 12 statements."""
    invoice, lines = posting_open(INVOICE, document_id=invoice_id, actor=actor, version=version)
    customer = customer_for(invoice.customer_id)
    if invoice.salesperson_id is not None:
        invoice.commission_percent = salesperson_percent(invoice.salesperson_id)
    _finish_posting(invoice, lines, customer, actor, tax_table()[0])
    posted_update(invoice, OWN_FIELDS)
    _announce(invoice)
    return invoice


def _announce(invoice: Invoice) -> None:
    invoice_posted.send(Invoice, invoice=invoice)
    if invoice.status == Status.PAID:
        invoice_paid.send(Invoice, invoice_ids=[invoice.pk])


@write
def invoice_generate(*, typed: TypedInvoice, actor: Principal) -> tuple[Invoice, list[InvoiceLine]]:
    """Create and post in one go: the lines first, then the header as posted, so nothing is written twice.

    Returns the invoice and its lines, so that an answer needs not read them again.
    """
    require(actor, "ar.invoice.create")
    require(actor, "ar.invoice.post")
    with phase("build"):
        taxes = tax_table()
        invoice, lines, customer = invoice_build(typed, actor=actor, taxes=taxes)
    _finish_posting(invoice, lines, customer, actor, taxes[0])
    posted_insert(INVOICE, invoice, lines)
    _announce(invoice)
    return invoice, lines


def invoice_create_posted(*, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Create and post in one go; returns the invoice."""
    invoice, _ = invoice_generate(typed=typed, actor=actor)
    return invoice


@write
def invoice_void(
    *, invoice_id: uuid.UUID, actor: Principal, reason: str, version: int | None = None
) -> CreditNote:
    """Void a posted invoice by a credit note over all of it (S5). The invoice stays, in state void."""
    invoice = document_for_update(INVOICE, invoice_id)
    require(actor, "ar.invoice.void")
    require_unlocked(INVOICE, invoice)
    require_version(invoice, version)
    if invoice.allocated_amount > 0:
        raise InvoiceHasPayments(N_("Undo the payments of this invoice first."))
    if not INVOICE.lifecycle.allows(invoice.status, Status.VOID):
        raise TransitionRefused(N_("Only a posted, unpaid invoice can be voided."))
    if CreditNote.objects.filter(invoice_id=invoice.pk).exists():
        raise TransitionRefused(
            N_("A part of this invoice is credited already; credit the rest of it.")
        )
    typed = TypedCredit(invoice_id=invoice.pk, reason=reason, whole=True)
    note, lines = credit_note_build(invoice, typed, actor=actor)
    credit_note_issue(note, lines, invoice, actor=actor)
    credit_note_posted.send(CreditNote, credit_note=note, invoice=invoice)
    mark_void(invoice)
    return note


def require_one_vat_code(lines: Sequence[InvoiceLine]) -> None:
    """Refuse a prepayment over several VAT codes: what is used of it later must know which VAT goes back."""
    if len({line.tax_code for line in lines}) > 1:
        raise DomainError(
            N_("A prepayment invoice has one VAT code; make one for each."),
            code="several_vat_codes",
            field="lines",
        )
