"""Invoices: create, change, delete, lock. Posting is in ar.services.posting, single lines in ar.services.lines."""

from __future__ import annotations

import uuid
from typing import Any

from ar.document_types import INVOICE
from ar.models import Customer, Invoice, InvoiceKind, InvoiceLine
from ar.services.building import customer_for, due_date_of, salesperson_percent, terms_for
from ar.typed import TypedInvoice
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO
from core.transactions import write
from documents.errors import DocumentNotFound, NotADraft, TransitionRefused
from documents.lifecycle import Status
from documents.services import drafting
from documents.services.lines import replace_lines
from documents.services.loading import require_free_number
from documents.terms import discount_until
from inventory.services.lines import TaxTable, lines_resolve
from ledger.services.documents import header_fill
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns of an invoice's header that are typed, besides those of every document.
OWN_FIELDS = ("customer_id", "salesperson_id")
#: What the header has besides, written with it.
_FILLED = ("reason", "terms", "early_discount_percent", "early_discount_until")
#: What may still be edited on a posted invoice (design 5).
POSTED_FIELDS = (*drafting.POSTED_FIELDS, "salesperson_id")


def invoice_fill(
    invoice: Invoice, typed: TypedInvoice, *, customer: Customer, actor: Principal
) -> None:
    """Put the typed header on an unsaved or locked invoice, with what its payment terms say."""
    if typed.terms_typed:
        terms = terms_for(typed.terms_id)
    elif invoice._state.adding or customer.pk != invoice.customer_id:
        terms = customer.terms
    else:
        terms = invoice.terms
    invoice.customer_id = customer.pk
    invoice.salesperson_id = typed.salesperson_id
    invoice.terms = terms
    invoice.reason = typed.reason or invoice.reason
    due = due_date_of(typed.issue_date, customer, actor.company, terms)
    header_fill(invoice, typed, due_date=due, actor=actor)
    invoice.early_discount_percent = terms.discount_percent if terms is not None else ZERO
    invoice.early_discount_until = (
        discount_until(typed.issue_date, terms.rules) if terms is not None else None
    )


def _require_corrected(typed: TypedInvoice) -> None:
    """Raise DomainError unless a debit note names a posted invoice of the same customer and currency (S6)."""
    corrected = Invoice.objects.filter(pk=typed.corrects_id).first()
    if corrected is None or corrected.kind not in (InvoiceKind.INVOICE, InvoiceKind.OPENING):
        raise DocumentNotFound(N_("There is no such invoice."), field="corrects")
    if corrected.status in (Status.DRAFT, Status.VOID):
        raise TransitionRefused(N_("A debit note corrects a posted invoice."), field="corrects")
    if corrected.customer_id != typed.customer_id or corrected.currency != typed.currency:
        raise DomainError(
            N_("A debit note has the customer and the currency of the invoice it corrects."),
            code="other_party",
            field="corrects",
        )


def invoice_build(
    typed: TypedInvoice, *, actor: Principal, taxes: TaxTable | None = None
) -> tuple[Invoice, list[InvoiceLine], Customer]:
    """Return an unsaved draft with its lines and totals; reads customer, items, salesperson and VAT codes only."""
    customer = customer_for(typed.customer_id)
    lines = lines_resolve(typed.lines, taxes=taxes)
    require_free_number(INVOICE, typed.number)
    if typed.corrects_id is not None:
        _require_corrected(typed)
    invoice = Invoice(
        id=uuid7(),
        kind=typed.kind,
        corrects_id=typed.corrects_id,
        branch_id=drafting.actor_branch(actor),
        created_by_id=actor.user_id,
        external_id=typed.external_id,
    )
    invoice_fill(invoice, typed, customer=customer, actor=actor)
    if typed.salesperson_id is not None:
        invoice.commission_percent = salesperson_percent(typed.salesperson_id)
    return invoice, drafting.lines_apply(INVOICE, invoice, lines), customer


@write
def invoice_create(*, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Create a draft with all its lines in a constant number of statements (PS-4)."""
    require(actor, "ar.invoice.create")
    invoice, lines, _ = invoice_build(typed, actor=actor)
    drafting.draft_insert(INVOICE, invoice, lines)
    return invoice


@write
def invoice_update(*, invoice_id: uuid.UUID, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Replace header and lines of a draft; the version typed on must be the stored one (SP-9)."""
    invoice = drafting.draft_open(
        INVOICE, document_id=invoice_id, typed=typed, own_fields=OWN_FIELDS, actor=actor
    )
    customer = customer_for(typed.customer_id)
    if typed.salesperson_id is not None and typed.salesperson_id != invoice.salesperson_id:
        salesperson_percent(typed.salesperson_id)
    invoice_fill(invoice, typed, customer=customer, actor=actor)
    replace_lines(INVOICE, invoice, lines_resolve(typed.lines))
    drafting.draft_save(invoice, (*OWN_FIELDS, *_FILLED))
    return invoice


@write
def invoice_update_posted(
    *, invoice_id: uuid.UUID, changes: dict[str, Any], version: int | None, actor: Principal
) -> Invoice:
    """Change notes, due date, reference or salesperson of a posted invoice; nothing fiscal ever changes."""
    invoice = drafting.posted_open(
        INVOICE,
        document_id=invoice_id,
        changes=changes,
        allowed=POSTED_FIELDS,
        version=version,
        actor=actor,
    )
    if "salesperson_id" in changes and changes["salesperson_id"] != invoice.salesperson_id:
        require_salesperson_free(invoice)
        percent = None
        if changes["salesperson_id"] is not None:
            percent = salesperson_percent(changes["salesperson_id"])
        invoice.commission_percent = percent
    drafting.posted_save(invoice, changes, ["commission_percent"])
    return invoice


def require_salesperson_free(invoice: Invoice) -> None:
    """Refuse another salesperson once the invoice is PAID: its commission is stored (RR-6)."""
    if invoice.status == Status.PAID:
        raise NotADraft(
            N_("The salesperson of a paid invoice no longer changes."), field="salesperson"
        )


@write
def invoice_delete(*, invoice_id: uuid.UUID, actor: Principal, version: int | None = None) -> None:
    """Delete a draft with its lines (IF-4); a posted invoice is voided by its credit note instead."""
    drafting.document_delete(INVOICE, document_id=invoice_id, actor=actor, version=version)


@write
def invoice_lock(*, invoice_id: uuid.UUID, actor: Principal, version: int | None = None) -> Invoice:
    """Freeze an invoice (RR-3); only an owner. Locking a locked one changes nothing."""
    return drafting.document_lock(INVOICE, document_id=invoice_id, actor=actor, version=version)


@write
def invoice_unlock(
    *, invoice_id: uuid.UUID, actor: Principal, version: int | None = None
) -> Invoice:
    """Open a locked invoice again (RR-3); only an owner."""
    return drafting.document_unlock(INVOICE, document_id=invoice_id, actor=actor, version=version)
