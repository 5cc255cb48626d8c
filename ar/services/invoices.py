"""Invoices: create, change, delete, lock. Posting is in ar.services.posting, single lines in ar.services.lines."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.utils import timezone

from ar.models import Customer, Invoice, InvoiceLine
from ar.services.building import (
    actor_branch,
    build_lines,
    customer_for,
    due_date_of,
    salesperson_percent,
)
from ar.typed import TypedInvoice
from core.errors import N_, DomainError
from core.ids import uuid7
from core.transactions import write
from documents.errors import (
    DocumentLocked,
    DocumentNotFound,
    DuplicateNumber,
    NotADraft,
)
from documents.lifecycle import Status
from documents.services.rows import lines_insert
from documents.stored import LINE_TOTAL_FIELDS, TOTAL_FIELDS, apply_totals
from documents.typed import TypedLine
from documents.versions import require_version
from inventory.services.lines import TaxTable, lines_resolve
from ledger.services.rates import rate_on
from tenancy.permissions import require
from tenancy.principal import Principal

_OWN_SERIES = re.compile(r"(?:INV|CN)-[0-9]{4}-", re.IGNORECASE)

HEADER_FIELDS = (
    "customer_id",
    "issue_date",
    "due_date",
    "supply_date",
    "currency",
    "exchange_rate",
    "salesperson_id",
    "number",
    "reference",
    "notes",
    "notes_arabic",
    "document_discount",
    "prices_include_tax",
)


def invoice_for_update(invoice_id: uuid.UUID) -> Invoice:
    """Return the invoice, locked until the transaction ends. Raises DocumentNotFound."""
    invoice = Invoice.objects.select_for_update().filter(pk=invoice_id).first()
    if invoice is None:
        raise DocumentNotFound(N_("There is no such invoice."))
    return invoice


def require_editable(invoice: Invoice, actor: Principal) -> None:
    """Check role and lock (RR-2, RR-3): an owner edits, an accountant only while it is not locked."""
    require(actor, "ar.invoice.edit")
    if invoice.is_locked and actor.role != "owner":
        raise DocumentLocked(N_("This invoice is locked by an owner."))


def require_draft(invoice: Invoice) -> None:
    """Raise NotADraft for a posted invoice."""
    if invoice.status != Status.DRAFT:
        raise NotADraft(N_("A posted invoice never changes; correct it by a credit note."))


def require_free_number(number: str, *, other_than: uuid.UUID | None = None) -> None:
    """Raise DuplicateNumber when another invoice of the company has the number (IF-5).

    Numbers in the form of our own series are refused too: the counter will come to them.
    """
    if _OWN_SERIES.match(number):
        raise DuplicateNumber(
            N_("Numbers of this form are given at posting; leave it empty."), field="number"
        )
    if number and Invoice.objects.filter(number=number).exclude(pk=other_than).exists():
        raise DuplicateNumber(N_("This number is used by another invoice."), field="number")


def fill_header(
    invoice: Invoice, typed: TypedInvoice, *, customer: Customer, actor: Principal
) -> None:
    """Put the typed header on an unsaved or locked invoice."""
    base_currency = actor.currency
    invoice.customer_id = customer.pk
    invoice.issue_date = typed.issue_date
    invoice.due_date = typed.due_date or due_date_of(typed.issue_date, customer, actor.company)
    invoice.supply_date = typed.supply_date
    invoice.currency = typed.currency or base_currency
    if invoice.currency == base_currency and typed.exchange_rate not in (None, 1):
        raise DomainError(
            N_("The exchange rate of the company's own currency is 1."),
            code="wrong_rate",
            field="exchange_rate",
        )
    invoice.exchange_rate = typed.exchange_rate or rate_on(
        currency=invoice.currency, base_currency=base_currency, date=typed.issue_date
    )
    invoice.salesperson_id = typed.salesperson_id
    invoice.number = typed.number
    invoice.reference = typed.reference
    invoice.notes = typed.notes
    invoice.notes_arabic = typed.notes_arabic
    invoice.document_discount = typed.document_discount
    invoice.prices_include_tax = typed.prices_include_tax


def invoice_build(
    typed: TypedInvoice, *, actor: Principal, taxes: TaxTable | None = None
) -> tuple[Invoice, list[InvoiceLine], Customer]:
    """Return an unsaved draft with its lines and totals; reads customer, items, salesperson and VAT codes only."""
    customer = customer_for(typed.customer_id)
    lines = lines_resolve(typed.lines, taxes=taxes)
    require_free_number(typed.number)
    invoice = Invoice(
        id=uuid7(),
        branch_id=actor_branch(actor),
        created_by_id=actor.user_id,
        external_id=typed.external_id,
    )
    fill_header(invoice, typed, customer=customer, actor=actor)
    if typed.salesperson_id is not None:
        invoice.commission_percent = salesperson_percent(typed.salesperson_id)
    rows = build_lines(InvoiceLine, invoice.pk, lines)
    apply_totals(invoice, rows)
    return invoice, rows, customer


@write
def invoice_create(*, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Create a draft with all its lines in a constant number of statements (PS-4)."""
    require(actor, "ar.invoice.create")
    invoice, lines, _ = invoice_build(typed, actor=actor)
    Invoice.objects.bulk_create([invoice])
    lines_insert(lines)
    return invoice


@write
def invoice_update(*, invoice_id: uuid.UUID, typed: TypedInvoice, actor: Principal) -> Invoice:
    """Replace header and lines of a draft; the version typed on must be the stored one (SP-9)."""
    invoice = invoice_for_update(invoice_id)
    require_editable(invoice, actor)
    require_draft(invoice)
    customer = customer_for(typed.customer_id)
    wanted = {name: getattr(typed, name) for name in HEADER_FIELDS if name != "exchange_rate"}
    require_version(invoice, typed.version, wanted=wanted)
    require_free_number(typed.number, other_than=invoice.pk)
    if typed.salesperson_id is not None and typed.salesperson_id != invoice.salesperson_id:
        salesperson_percent(typed.salesperson_id)
    fill_header(invoice, typed, customer=customer, actor=actor)
    _replace_lines(invoice, lines_resolve(typed.lines))
    invoice.version += 1
    invoice.save(update_fields=[*HEADER_FIELDS, *TOTAL_FIELDS, "version", "updated_at"])
    return invoice


def _replace_lines(invoice: Invoice, typed: list[TypedLine]) -> None:
    """Update lines whose id is known, insert new ones, delete the rest: three statements at most."""
    stored = {line.pk: line for line in InvoiceLine.objects.filter(document_id=invoice.pk)}
    rows = build_lines(InvoiceLine, invoice.pk, typed)
    for row, line in zip(rows, typed, strict=True):
        if line.id in stored:
            row.pk = line.id
    apply_totals(invoice, rows)
    kept = {row.pk for row in rows if row.pk in stored}
    gone = [pk for pk in stored if pk not in kept]
    if gone:
        InvoiceLine.objects.filter(pk__in=gone).delete()
    fields = (
        "position",
        "item_id",
        "item_code",
        "description",
        "description_arabic",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
        "tax_category",
        "tax_rate",
        "tax_code",
        *LINE_TOTAL_FIELDS,
    )
    changed = [
        row
        for row in rows
        if row.pk in stored
        and any(getattr(row, name) != getattr(stored[row.pk], name) for name in fields)
    ]
    if changed:
        names = ["item" if name == "item_id" else name for name in fields]
        InvoiceLine.objects.bulk_update(changed, names)
    lines_insert([row for row in rows if row.pk not in stored])


#: What may still be edited on a posted invoice (design 5).
POSTED_FIELDS = ("notes", "notes_arabic", "due_date", "reference", "salesperson_id")


@write
def invoice_update_posted(
    *, invoice_id: uuid.UUID, changes: dict[str, Any], version: int | None, actor: Principal
) -> Invoice:
    """Change notes, due date, reference or salesperson of a posted invoice; nothing fiscal ever changes."""
    invoice = invoice_for_update(invoice_id)
    require_editable(invoice, actor)
    refused = sorted(set(changes) - set(POSTED_FIELDS))
    if refused:
        raise NotADraft(
            N_("A posted invoice never changes; correct it by a credit note."), field=refused[0]
        )
    require_version(invoice, version, wanted=changes)
    if "salesperson_id" in changes and changes["salesperson_id"] != invoice.salesperson_id:
        require_salesperson_free(invoice)
        percent = None
        if changes["salesperson_id"] is not None:
            percent = salesperson_percent(changes["salesperson_id"])
        invoice.commission_percent = percent
    for name, value in changes.items():
        setattr(invoice, name, value)
    invoice.version += 1
    invoice.save(update_fields=[*changes, "commission_percent", "version", "updated_at"])
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
    invoice = invoice_for_update(invoice_id)
    require(actor, "ar.invoice.delete")
    require_editable(invoice, actor)
    require_draft(invoice)
    require_version(invoice, version)
    InvoiceLine.objects.filter(document_id=invoice.pk).delete()
    Invoice.objects.filter(pk=invoice.pk).delete()


@write
def invoice_lock(*, invoice_id: uuid.UUID, actor: Principal) -> Invoice:
    """Freeze an invoice (RR-3); only an owner, audited as LOCK. Locking a locked one changes nothing."""
    invoice = invoice_for_update(invoice_id)
    require(actor, "ar.invoice.lock")
    if not invoice.is_locked:
        invoice.is_locked = True
        invoice.locked_at = timezone.now()
        invoice.locked_by_id = actor.user_id
        invoice.version += 1
        invoice.save(update_fields=["is_locked", "locked_at", "locked_by", "version", "updated_at"])
    return invoice


@write
def invoice_unlock(*, invoice_id: uuid.UUID, actor: Principal) -> Invoice:
    """Open a locked invoice again (RR-3); only an owner, audited as UNLOCK."""
    invoice = invoice_for_update(invoice_id)
    require(actor, "ar.invoice.unlock")
    if invoice.is_locked:
        invoice.is_locked = False
        invoice.locked_at = None
        invoice.locked_by = None
        invoice.version += 1
        invoice.save(update_fields=["is_locked", "locked_at", "locked_by", "version", "updated_at"])
    return invoice
