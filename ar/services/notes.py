"""Credit notes: an invoice taken back in part or in whole (S3, S4); debts raised later are in ar.services.debits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from ar.commission import Reductions, commission_base_after
from ar.document_types import CREDIT_NOTE, INVOICE
from ar.models import CreditNote, CreditNoteLine, Customer, Invoice, InvoiceLine, WriteOff
from ar.parties import buyer_snapshot, seller_snapshot
from ar.posting import PostedAmounts, post_credit_note
from ar.selectors.crediting import (
    CreditedSums,
    credited_of,
    credited_sums,
    prepayment_used,
    sold_of,
)
from ar.services.building import sale_facts
from ar.signals import credit_note_posted
from ar.typed_credit import TypedCredit
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO, product
from core.transactions import write
from documents.crediting import Credit, CreditTooMuch, credit_of, everything_left
from documents.errors import TransitionRefused
from documents.lifecycle import Status
from documents.services.lines import lines_of
from documents.services.loading import document_for_update, require_unlocked
from documents.services.posting import mark_posted, number_take, posted_insert
from documents.stored import breakdown_to_json
from inventory.services.lines import tax_table
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal

#: States of an invoice that can be credited: everything posted that is not void.
CREDITABLE = (Status.POSTED, Status.PARTIALLY_PAID, Status.PAID)


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
    if invoice.status not in CREDITABLE:
        raise TransitionRefused(N_("Only a posted invoice is credited."))


def credit_note_build(
    invoice: Invoice, typed: TypedCredit, *, actor: Principal
) -> tuple[CreditNote, list[CreditNoteLine]]:
    """Return the unsaved credit note with its lines and amounts; the preview and the service share it."""
    sold_lines = lines_of(INVOICE, invoice.pk)
    sold, credited = sold_of(invoice, sold_lines), credited_of(invoice.pk)
    wanted = everything_left(sold, credited) if typed.whole else typed.lines
    credit = credit_of(sold, credited, wanted)
    _require_prepayment_left(invoice, credit)
    note = CreditNote(
        id=uuid7(),
        branch_id=invoice.branch_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.pk,
        reason=typed.reason,
        reference=invoice.number,
        notes=typed.notes,
        issue_date=_issue_date(invoice, typed.date),
        supply_date=invoice.supply_date,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        prices_include_tax=invoice.prices_include_tax,
        document_discount=credit.document_discount,
        subtotal=credit.subtotal,
        tax_amount=credit.tax_amount,
        total=credit.total,
        tax_breakdown=breakdown_to_json(credit.categories),
        line_count=len(credit.lines),
        created_by_id=actor.user_id,
    )
    return note, _note_lines(note, credit, sold_lines)


def _issue_date(invoice: Invoice, typed: dt.date | None) -> dt.date:
    if typed is None:
        return max(invoice.issue_date, timezone.localdate())
    if typed < invoice.issue_date:
        raise DomainError(
            N_("A credit note is not dated before its invoice."), code="too_early", field="date"
        )
    return typed


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


def _note_lines(
    note: CreditNote, credit: Credit, sold_lines: Sequence[InvoiceLine]
) -> list[CreditNoteLine]:
    sold = {line.pk: line for line in sold_lines}
    rows = []
    for position, part in enumerate(credit.lines, start=1):
        line = sold[part.line_id]
        rows.append(
            CreditNoteLine(
                document_id=note.pk,
                position=position,
                invoice_line_id=line.pk,
                price_only=part.price_only,
                priced_amount=part.priced,
                item_id=line.item_id,
                item_code=line.item_code,
                description=line.description,
                description_arabic=line.description_arabic,
                quantity=part.quantity,
                unit="" if part.price_only else line.unit,
                unit_price=part.unit_price,
                discount_percent=ZERO if part.price_only else line.discount_percent,
                discount_amount=part.discount,
                tax_category=line.tax_category,
                tax_rate=line.tax_rate,
                tax_code=line.tax_code,
                net_amount=part.net,
                tax_amount=part.tax,
                gross_amount=part.net + part.tax,
            )
        )
    return rows


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
    base = base_left(invoice, note, credited_sums(invoice.pk), base_currency=actor.currency)
    draft, amounts = post_credit_note(replace(facts, base=base), kind=invoice.kind)
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


def base_left(
    invoice: Invoice, note: CreditNote, credited: CreditedSums, *, base_currency: str
) -> PostedAmounts:
    """Return the credit note in base currency: what it brings the credited sum to, less what was credited before.

    The last one takes what is left of the invoice's own base amounts, so no residue stays (accounting.md section 1).
    """

    def step(
        part: Decimal, before: Decimal, whole: Decimal, base: Decimal, taken: Decimal
    ) -> Decimal:
        if before + part == whole:
            return base - taken
        return min(product(before + part, invoice.exchange_rate, base_currency), base) - taken

    tax = step(
        note.tax_amount or ZERO,
        credited.tax,
        invoice.tax_amount or ZERO,
        invoice.base_tax_amount,
        credited.base_tax,
    )
    total = step(
        note.total or ZERO,
        credited.total,
        invoice.total or ZERO,
        invoice.base_total,
        credited.base_total,
    )
    return PostedAmounts(total, min(tax, total))


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
