"""Supplier credits (P9): a bill taken back in part or in whole, and credits that name no bill."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.errors import BillHasPayments
from ap.models import Bill, BillLine, PrepaidPart, Supplier, SupplierCredit, SupplierCreditLine
from ap.parties import supplier_snapshot
from ap.posting import post_supplier_credit
from ap.prepaid import lowered
from ap.selectors.crediting import BILL_CREDITS
from ap.services.building import purchase_facts, purchase_lines_resolve, supplier_for
from ap.signals import supplier_credit_posted
from ap.typed import TypedSupplierCredit
from ap.typed_credit import TypedCredit
from core.errors import N_
from core.ids import uuid7
from core.money import ZERO, ratio_of
from core.transactions import write
from documents.errors import TransitionRefused
from documents.lifecycle import Status
from documents.parties import company_block
from documents.services import crediting, drafting
from documents.services.lines import replace_lines
from documents.services.loading import document_for_update, require_free_number, require_unlocked
from documents.services.posting import (
    mark_posted,
    mark_void,
    number_take,
    posted_insert,
    posted_update,
    posting_open,
)
from documents.versions import require_version
from inventory.services.lines import tax_table
from ledger.services.documents import header_fill
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns of a supplier credit's header that are typed, besides those of every document.
OWN_FIELDS = ("supplier_id", "supplier_number", "reason")
#: What may still be edited on a posted supplier credit.
POSTED_FIELDS = ("notes", "notes_arabic", "reference")


# --- taking back a bill ---


@write
def credit_create(*, typed: TypedCredit, actor: Principal) -> SupplierCredit:
    """Post a credit over part or all of a bill, at the bill's rate, and settle the bill with it as far as it is open.

    The rest, or all of it where `settle` is off, stays as credit on account. Raises CreditTooMuch with the row that
    asks for more than is left, TransitionRefused for a draft or void bill.
    """
    bill = document_for_update(BILL, typed.bill_id)
    require(actor, "ap.supplier_credit.create")
    require_unlocked(BILL, bill)
    credit, lines = credit_build(bill, typed, actor=actor)
    _issue(credit, lines, bill, actor=actor)
    supplier_credit_posted.send(
        SupplierCredit, supplier_credit=credit, bill=bill if typed.settle else None
    )
    return credit


def credit_build(
    bill: Bill, typed: TypedCredit, *, actor: Principal
) -> tuple[SupplierCredit, list[SupplierCreditLine]]:
    """Return the unsaved credit with its lines and amounts; the preview and the service share it."""
    crediting.require_creditable(bill, N_("Only a posted bill is credited."))
    credit, lines = crediting.credit_build(
        BILL_CREDITS,
        bill,
        typed,
        actor=actor,
        too_early=N_("A supplier credit is not dated before its bill."),
        supplier_id=bill.supplier_id,
        supplier_number=typed.supplier_number,
    )
    _share_customs_values(lines, credit.currency)
    return credit, lines


def _share_customs_values(lines: Sequence[SupplierCreditLine], currency: str) -> None:
    """Take back of a customs value what is taken back of its line."""
    wanted = [line.source_line_id for line in lines if line.customs_value is not None]
    if not wanted:
        return
    billed = {line.pk: line for line in BillLine.objects.filter(pk__in=wanted)}
    for line in lines:
        if line.customs_value is not None:
            whole = billed[line.source_line_id].net_amount
            line.customs_value = ratio_of(line.customs_value, line.net_amount, whole, currency)


@write
def bill_void(
    *,
    bill_id: uuid.UUID,
    actor: Principal,
    reason: str,
    version: int | None = None,
) -> SupplierCredit:
    """Void a posted bill by a supplier credit over all of it. The bill stays, in state void."""
    bill = document_for_update(BILL, bill_id)
    require(actor, "ap.bill.void")
    require_unlocked(BILL, bill)
    require_version(bill, version)
    if bill.allocated_amount > 0:
        raise BillHasPayments(N_("Undo the payments and credits of this bill first."))
    if not BILL.lifecycle.allows(bill.status, Status.VOID):
        raise TransitionRefused(N_("Only a posted, unpaid bill can be voided."))
    typed = TypedCredit(bill_id=bill.pk, reason=reason, whole=True)
    credit, lines = credit_build(bill, typed, actor=actor)
    _issue(credit, lines, bill, actor=actor)
    supplier_credit_posted.send(SupplierCredit, supplier_credit=credit, bill=bill)
    mark_void(bill)
    return credit


def _issue(
    credit: SupplierCredit, lines: Sequence[SupplierCreditLine], bill: Bill, *, actor: Principal
) -> None:
    """Number, book and store a credit that was built, and lower the months of prepaid lines it takes back."""
    supplier = Supplier.objects.get(pk=bill.supplier_id)
    waiting = _months_waiting(lines)
    base = crediting.base_left(BILL_CREDITS, bill, credit, base_currency=actor.currency)
    taken = _book(
        credit,
        lines,
        supplier,
        actor=actor,
        waiting={
            line.pk: sum((part.amount for part in waiting[line.source_line_id]), ZERO)
            for line in lines
            if line.source_line_id in waiting
        },
        base=base,
        opening=bill.kind == Bill.Kind.OPENING,
    )
    posted_insert(SUPPLIER_CREDIT, credit, lines)
    _lower_months(lines, waiting, taken, actor.currency)


def _months_waiting(
    lines: Sequence[SupplierCreditLine],
) -> dict[uuid.UUID | None, list[PrepaidPart]]:
    """Return the months not booked yet of the billed lines, locked."""
    wanted = [line.source_line_id for line in lines if line.prepaid_months is not None]
    waiting: dict[uuid.UUID | None, list[PrepaidPart]] = {}
    if wanted:
        parts = PrepaidPart.objects.select_for_update().filter(
            line_id__in=wanted, entry__isnull=True
        )
        for part in parts.order_by("line_id", "position"):
            waiting.setdefault(part.line_id, []).append(part)
    return waiting


def _lower_months(
    lines: Sequence[SupplierCreditLine],
    waiting: dict[uuid.UUID | None, list[PrepaidPart]],
    taken: dict[uuid.UUID, Decimal],
    currency: str,
) -> None:
    changed: list[PrepaidPart] = []
    for line in lines:
        parts = waiting.get(line.source_line_id, [])
        amounts = lowered([part.amount for part in parts], taken.get(line.pk, ZERO), currency)
        for part, amount in zip(parts, amounts, strict=True):
            if amount != part.amount:
                part.amount = amount
                changed.append(part)
    if changed:
        PrepaidPart.objects.bulk_update(changed, ["amount"])


def _book(
    credit: SupplierCredit,
    lines: Sequence[SupplierCreditLine],
    supplier: Supplier,
    *,
    actor: Principal,
    waiting: dict[uuid.UUID, Decimal] | None = None,
    base: tuple[Decimal, Decimal] | None = None,
    opening: bool = False,
) -> dict[uuid.UUID, Decimal]:
    """Number and journal of a credit that is about to be saved; returns what it takes off prepaid accounts, by line."""
    number_take(SUPPLIER_CREDIT, credit)
    facts = purchase_facts(
        credit,
        lines,
        source_kind=SUPPLIER_CREDIT.kind,
        base_currency=actor.currency,
        tax_codes=tax_table("purchase")[0],
        waiting=waiting,
        base=base,
        opening=opening,
    )
    posted = post_supplier_credit(facts)
    if posted.draft is not None:
        journal_post([posted.draft])
    mark_posted(
        credit,
        base_total=posted.total,
        base_tax=posted.tax,
        seller=supplier_snapshot(supplier),
        buyer=company_block(actor.company),
        actor=actor,
    )
    return posted.waiting


# --- credits that name no bill ---


def credit_draft_build(
    typed: TypedSupplierCredit, *, actor: Principal
) -> tuple[SupplierCredit, list[SupplierCreditLine]]:
    """Return an unsaved draft with its lines and totals."""
    supplier = supplier_for(typed.supplier_id)
    lines = purchase_lines_resolve(
        typed.lines, supplier=supplier, issue_date=typed.issue_date, company=actor.company
    )
    require_free_number(SUPPLIER_CREDIT, typed.number)
    credit = SupplierCredit(
        id=uuid7(),
        branch_id=drafting.actor_branch(actor),
        created_by_id=actor.user_id,
        external_id=typed.external_id,
    )
    _fill(credit, typed, actor=actor)
    return credit, drafting.lines_apply(SUPPLIER_CREDIT, credit, lines)


def _fill(credit: SupplierCredit, typed: TypedSupplierCredit, *, actor: Principal) -> None:
    credit.supplier_id = typed.supplier_id
    credit.supplier_number = typed.supplier_number
    credit.reason = typed.reason
    header_fill(credit, typed, due_date=typed.issue_date, actor=actor)


@write
def credit_draft_create(*, typed: TypedSupplierCredit, actor: Principal) -> SupplierCredit:
    """Create a draft that names no bill."""
    require(actor, "ap.supplier_credit.create")
    credit, lines = credit_draft_build(typed, actor=actor)
    drafting.draft_insert(SUPPLIER_CREDIT, credit, lines)
    return credit


@write
def credit_draft_update(
    *, credit_id: uuid.UUID, typed: TypedSupplierCredit, actor: Principal
) -> SupplierCredit:
    """Replace header and lines of a draft; the version typed on must be the stored one (SP-9)."""
    credit = drafting.draft_open(
        SUPPLIER_CREDIT, document_id=credit_id, typed=typed, own_fields=OWN_FIELDS, actor=actor
    )
    supplier = supplier_for(typed.supplier_id)
    _fill(credit, typed, actor=actor)
    lines = purchase_lines_resolve(
        typed.lines, supplier=supplier, issue_date=typed.issue_date, company=actor.company
    )
    replace_lines(SUPPLIER_CREDIT, credit, lines)
    drafting.draft_save(credit, OWN_FIELDS)
    return credit


@write
def credit_delete(*, credit_id: uuid.UUID, actor: Principal, version: int | None = None) -> None:
    """Delete a draft with its lines."""
    drafting.document_delete(SUPPLIER_CREDIT, document_id=credit_id, actor=actor, version=version)


@write
def credit_post(
    *, credit_id: uuid.UUID, actor: Principal, version: int | None = None
) -> SupplierCredit:
    """Post a draft that names no bill: it stays as credit on account until it is allocated."""
    credit, lines = posting_open(
        SUPPLIER_CREDIT, document_id=credit_id, actor=actor, version=version
    )
    _book(credit, lines, supplier_for(credit.supplier_id), actor=actor)
    posted_update(credit)
    supplier_credit_posted.send(SupplierCredit, supplier_credit=credit, bill=None)
    return credit


@write
def credit_create_posted(*, typed: TypedSupplierCredit, actor: Principal) -> SupplierCredit:
    """Create and post a credit that names no bill in one go."""
    require(actor, "ap.supplier_credit.create")
    require(actor, "ap.supplier_credit.post")
    credit, lines = credit_draft_build(typed, actor=actor)
    _book(credit, lines, Supplier.objects.get(pk=credit.supplier_id), actor=actor)
    posted_insert(SUPPLIER_CREDIT, credit, lines)
    supplier_credit_posted.send(SupplierCredit, supplier_credit=credit, bill=None)
    return credit


@write
def credit_update_posted(
    *, credit_id: uuid.UUID, changes: dict[str, Any], version: int | None, actor: Principal
) -> SupplierCredit:
    """Change notes or reference of a posted supplier credit; nothing fiscal ever changes."""
    credit = drafting.posted_open(
        SUPPLIER_CREDIT,
        document_id=credit_id,
        changes=changes,
        allowed=POSTED_FIELDS,
        version=version,
        actor=actor,
    )
    drafting.posted_save(credit, changes)
    return credit


@write
def credit_lock(
    *, credit_id: uuid.UUID, actor: Principal, version: int | None = None
) -> SupplierCredit:
    """Freeze a supplier credit (RR-3); only an owner."""
    return drafting.document_lock(
        SUPPLIER_CREDIT, document_id=credit_id, actor=actor, version=version
    )


@write
def credit_unlock(
    *, credit_id: uuid.UUID, actor: Principal, version: int | None = None
) -> SupplierCredit:
    """Open a locked supplier credit again (RR-3); only an owner."""
    return drafting.document_unlock(
        SUPPLIER_CREDIT, document_id=credit_id, actor=actor, version=version
    )
