"""Credit notes: an invoice taken back in part or in whole (S3, S4); debts raised later are in ar.services.debits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ar.commission import Reductions, commission_base_after
from ar.document_types import CREDIT_NOTE, INVOICE
from ar.models import CreditNote, CreditNoteLine, Customer, Invoice, WriteOff
from ar.parties import buyer_snapshot, seller_snapshot
from ar.posting import PostedAmounts, post_credit_note
from ar.selectors.crediting import INVOICE_CREDITS, credited_sums, prepayment_used
from ar.services.building import sale_facts
from ar.signals import credit_note_posted
from ar.typed_credit import TypedCredit
from core.errors import N_
from core.money import ZERO
from core.transactions import write
from documents.crediting import Credit, CreditTooMuch
from documents.services import crediting
from documents.services.loading import document_for_update, require_unlocked
from documents.services.posting import mark_posted, number_take, posted_insert
from inventory.services.lines import tax_table
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal


@write
def credit_note_create(*, typed: TypedCredit, actor: Principal) -> CreditNote:
    """Post a credit note over part or all of an invoice, at the invoice's rate, and settle the invoice with it.

    What is more than the invoice has open, or all of it where `settle` is off, stays as credit on account. Raises
    CreditTooMuch with the row that asks for more than is left, TransitionRefused for a draft or void invoice.
    """
    invoice = document_for_update(INVOICE, typed.invoice_id)
    require(actor, "ar.credit_note.create")
    require_unlocked(INVOICE, invoice)
    require_creditable(invoice)
    note, lines = credit_note_build(invoice, typed, actor=actor)
    credit_note_issue(note, lines, invoice, actor=actor)
    commission_base_refresh(invoice, base_currency=actor.currency)
    credit_note_posted.send(CreditNote, credit_note=note, invoice=invoice if typed.settle else None)
    return note


def require_creditable(invoice: Invoice) -> None:
    """Raise TransitionRefused for a draft, which is edited instead, and for a void invoice."""
    crediting.require_creditable(invoice, N_("Only a posted invoice is credited."))


def credit_note_build(
    invoice: Invoice, typed: TypedCredit, *, actor: Principal
) -> tuple[CreditNote, list[CreditNoteLine]]:
    """Return the unsaved credit note with its lines and amounts; the preview and the service share it."""
    return crediting.credit_build(
        INVOICE_CREDITS,
        invoice,
        typed,
        actor=actor,
        too_early=N_("A credit note is not dated before its invoice."),
        check=lambda credit: _require_prepayment_left(invoice, credit),
        customer_id=invoice.customer_id,
    )


def _require_prepayment_left(invoice: Invoice, credit: Credit) -> None:
    """Refuse to credit what final invoices have used of a prepayment already."""
    if invoice.kind != "prepayment":
        return
    left = (invoice.total or ZERO) - credited_sums(invoice.pk).total - prepayment_used(invoice.pk)
    if credit.total > left:
        raise CreditTooMuch(
            N_("Only %(left)s of this prepayment is not used yet."),
            field="lines",
            params={"left": left},
        )


def credit_note_issue(
    note: CreditNote, lines: Sequence[CreditNoteLine], invoice: Invoice, *, actor: Principal
) -> None:
    """Number, book and store a credit note that was built."""
    customer = Customer.objects.get(pk=invoice.customer_id)
    number_take(CREDIT_NOTE, note)
    facts = sale_facts(
        note,
        lines,
        source_kind=CREDIT_NOTE.kind,
        party_id=customer.pk,
        base_currency=actor.currency,
        tax_codes=tax_table()[0],
    )
    left = crediting.base_left(INVOICE_CREDITS, invoice, note, base_currency=actor.currency)
    draft, amounts = post_credit_note(replace(facts, base=PostedAmounts(*left)), kind=invoice.kind)
    if draft is not None:
        journal_post([draft])
    mark_posted(
        note,
        base_total=amounts.total,
        base_tax=amounts.tax,
        seller=seller_snapshot(actor.company),
        buyer=buyer_snapshot(customer),
        actor=actor,
    )
    posted_insert(CREDIT_NOTE, note, lines)


def commission_base_refresh(invoice: Invoice, *, base_currency: str) -> None:
    """Store what commission is earned on after the credit notes and write-offs of the invoice (RR-7)."""
    credited = credited_sums(invoice.pk)
    written_off = sum(
        WriteOff.objects.filter(invoice_id=invoice.pk, status=WriteOff.Status.POSTED).values_list(
            "amount", flat=True
        ),
        ZERO,
    )
    if invoice.commission_base_posted is None:
        invoice.commission_base_posted = invoice.commission_base
    invoice.commission_base = commission_base_after(
        invoice.commission_base_posted,
        Reductions(
            net=invoice.base_total - invoice.base_tax_amount,
            total=invoice.total or ZERO,
            credited_net=credited.base_total - credited.base_tax,
            credited_total=credited.total,
            written_off=written_off,
        ),
        base_currency,
    )
    Invoice.objects.filter(pk=invoice.pk).update(
        commission_base=invoice.commission_base,
        commission_base_posted=invoice.commission_base_posted,
    )
