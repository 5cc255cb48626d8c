"""Posting: from here on an invoice or credit note is history (design 6)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils import timezone

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.errors import InvoiceHasPayments
from ar.models import CreditNote, CreditNoteLine, Customer, Invoice, InvoiceLine
from ar.posting import post_credit_note, post_invoice
from ar.services.building import (
    buyer_snapshot,
    commission_base,
    customer_for,
    sale_facts,
    salesperson_percent,
    seller_snapshot,
)
from ar.services.invoices import (
    invoice_build,
    invoice_for_update,
    require_draft,
)
from ar.signals import credit_note_posted, invoice_paid, invoice_posted
from ar.typed import TypedInvoice
from core.errors import N_
from core.ids import uuid7
from core.timing import phase
from core.transactions import write
from documents.errors import DocumentLocked, NoLines, TransitionRefused
from documents.lifecycle import Status
from documents.services.numbering import format_number, numbers_take
from documents.services.rows import lines_insert
from documents.stored import LINE_TOTAL_FIELDS, TOTAL_FIELDS, apply_totals
from documents.versions import require_version
from inventory.services.lines import TaxInfo, tax_table
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal

POSTING_FIELDS = (
    *TOTAL_FIELDS,
    "number",
    "series",
    "sequence_number",
    "status",
    "issued_at",
    "posted_at",
    "posted_by",
    "seller",
    "buyer",
    "base_total",
    "base_tax_amount",
    "commission_base",
    "commission_percent",
    "paid_at",
    "version",
    "updated_at",
)


def _number(document: Invoice | CreditNote, *, kind: str, prefix: str) -> None:
    """Take the next number of the series, unless the user typed one."""
    if not document.number:
        series, (number,) = numbers_take(
            branch_id=document.branch_id, kind=kind, prefix=prefix, year=document.issue_date.year
        )
        document.series, document.sequence_number = series, number
        document.number = format_number(series, number)


def _finish_posting(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    customer: Customer,
    actor: Principal,
    tax_codes: dict[str, TaxInfo],
) -> None:
    """Number, journal, snapshots and state on an invoice that is about to be saved."""
    with phase("number"):
        _number(invoice, kind=INVOICE.kind, prefix=INVOICE.prefix)
    with phase("journal"):
        draft, amounts = post_invoice(
            sale_facts(
                invoice,
                lines,
                source_kind=INVOICE.kind,
                party_id=customer.pk,
                base_currency=actor.currency,
                tax_codes=tax_codes,
            )
        )
        if draft is not None:
            journal_post([draft])
    now = timezone.now()
    invoice.base_total, invoice.base_tax_amount = amounts.total, amounts.tax
    invoice.commission_base = commission_base(
        invoice,
        base_total=amounts.total,
        base_tax=amounts.tax,
        rule=str(actor.company.get("commission_base", "net")),
    )
    invoice.seller, invoice.buyer = seller_snapshot(actor.company), buyer_snapshot(customer)
    invoice.issued_at = invoice.posted_at = now
    invoice.posted_by_id = actor.user_id
    # nothing to pay: paid at once (accounting.md section 6)
    invoice.status = Status.POSTED if invoice.total else Status.PAID
    invoice.paid_at = None if invoice.total else now


@write
def invoice_post(*, invoice_id: uuid.UUID, actor: Principal, version: int | None = None) -> Invoice:
    """Post a draft: number, balanced journal, frozen totals and parties, state. At most 12 statements."""
    with phase("load"):
        invoice = invoice_for_update(invoice_id)
        require(actor, "ar.invoice.post")
        if invoice.is_locked:
            raise DocumentLocked(N_("This invoice is locked by an owner."))
        require_draft(invoice)
        require_version(invoice, version)
        lines = list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))
        if not lines:
            raise NoLines(N_("Add at least one line."), field="lines")
        customer = customer_for(invoice.customer_id)
    changed = apply_totals(invoice, lines)
    if changed:
        with phase("lines"):
            InvoiceLine.objects.bulk_update(changed, LINE_TOTAL_FIELDS)
    if invoice.salesperson_id is not None:
        invoice.commission_percent = salesperson_percent(invoice.salesperson_id)
    _finish_posting(invoice, lines, customer, actor, tax_table()[0])
    with phase("save"):
        invoice.version += 1
        invoice.save(update_fields=POSTING_FIELDS)
    _announce(invoice)
    return invoice


def _announce(invoice: Invoice) -> None:
    invoice_posted.send(Invoice, invoice=invoice)
    if invoice.status == Status.PAID:
        invoice_paid.send(Invoice, invoice_ids=[invoice.pk])


@write
def invoice_create_posted(*, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Create and post in one go: the lines first, then the header as posted, so nothing is written twice."""
    require(actor, "ar.invoice.create")
    require(actor, "ar.invoice.post")
    with phase("build"):
        taxes = tax_table()
        invoice, lines, customer = invoice_build(typed, actor=actor, taxes=taxes)
    _finish_posting(invoice, lines, customer, actor, taxes[0])
    with phase("insert"):
        lines_insert(lines)
        Invoice.objects.bulk_create([invoice])
    _announce(invoice)
    return invoice


@write
def invoice_void(
    *, invoice_id: uuid.UUID, actor: Principal, reason: str, version: int | None = None
) -> CreditNote:
    """Void a posted invoice by a credit note over all of it (S5). The invoice stays, in state void."""
    invoice = invoice_for_update(invoice_id)
    require(actor, "ar.invoice.void")
    if invoice.is_locked:
        raise DocumentLocked(N_("This invoice is locked by an owner."))
    require_version(invoice, version)
    if invoice.allocated_amount > 0:
        raise InvoiceHasPayments(N_("Undo the payments of this invoice first."))
    if not INVOICE.lifecycle.allows(invoice.status, Status.VOID):
        raise TransitionRefused(N_("Only a posted, unpaid invoice can be voided."))
    note = _credit_whole(invoice, actor=actor, reason=reason)
    credit_note_posted.send(CreditNote, credit_note=note, invoice=invoice)
    invoice.refresh_from_db()
    invoice.status = Status.VOID
    invoice.version += 1
    invoice.save(update_fields=["status", "version", "updated_at"])
    return note


def _credit_whole(invoice: Invoice, *, actor: Principal, reason: str) -> CreditNote:
    """Post a credit note that mirrors every line of the invoice, at the invoice's frozen rate."""
    customer = Customer.objects.get(pk=invoice.customer_id)
    now = timezone.now()
    today = max(invoice.issue_date, timezone.localdate())
    note = CreditNote(
        id=uuid7(),
        branch_id=invoice.branch_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.pk,
        reason=reason,
        reference=invoice.number,
        issue_date=today,
        supply_date=invoice.supply_date,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        prices_include_tax=invoice.prices_include_tax,
        document_discount=invoice.document_discount,
        created_by_id=actor.user_id,
    )
    lines = [
        CreditNoteLine(
            document_id=note.pk,
            **{
                field.attname: getattr(line, field.attname)
                for field in InvoiceLine._meta.concrete_fields
                if field.attname not in ("id", "company_id", "document_id")
            },
        )
        for line in InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position")
    ]
    apply_totals(note, lines)
    _number(note, kind=CREDIT_NOTE.kind, prefix=CREDIT_NOTE.prefix)
    tax_codes, _ = tax_table()
    draft, amounts = post_credit_note(
        sale_facts(
            note,
            lines,
            source_kind=CREDIT_NOTE.kind,
            party_id=customer.pk,
            base_currency=actor.currency,
            tax_codes=tax_codes,
        )
    )
    if draft is not None:
        journal_post([draft])
    note.base_total, note.base_tax_amount = amounts.total, amounts.tax
    note.seller, note.buyer = seller_snapshot(actor.company), buyer_snapshot(customer)
    note.issued_at = note.posted_at = now
    note.posted_by_id = actor.user_id
    note.status = Status.POSTED if note.total else Status.PAID
    lines_insert(lines)
    CreditNote.objects.bulk_create([note])
    return note
