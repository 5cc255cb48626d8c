"""Bills: create, change, delete, lock. Posting is in ap.services.posting, single lines in ap.services.lines."""

from __future__ import annotations

import uuid
from typing import Any

from ap.document_types import BILL
from ap.errors import DuplicateSupplierNumber
from ap.models import Bill, BillLine, Supplier
from ap.services.building import due_date_of, purchase_lines_resolve, supplier_for
from ap.typed import TypedBill
from core.errors import N_
from core.ids import uuid7
from core.transactions import write
from documents.lifecycle import Status
from documents.services import drafting
from documents.services.lines import replace_lines
from documents.services.loading import require_free_number
from inventory.services.lines import TaxTable
from ledger.services.documents import header_fill
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns of a bill's header that are typed, besides those of every document.
OWN_FIELDS = ("supplier_id", "supplier_number", "duplicate_reason")


def repeated_bill(
    *, supplier_id: uuid.UUID, supplier_number: str, other_than: uuid.UUID | None = None
) -> Bill | None:
    """Return another bill of the supplier with the number, the oldest; void ones do not count."""
    if not supplier_number:
        return None
    found: Bill | None = (
        Bill.objects.filter(supplier_id=supplier_id, supplier_number=supplier_number)
        .exclude(status=Status.VOID)
        .exclude(pk=other_than)
        .order_by("issue_date", "id")
        .first()
    )
    return found


def _reason_kept(typed: TypedBill, *, other_than: uuid.UUID | None = None) -> str:
    """Return the reason to store: none for a new number. Raises DuplicateSupplierNumber that names the other bill."""
    other = repeated_bill(
        supplier_id=typed.supplier_id,
        supplier_number=typed.supplier_number,
        other_than=other_than,
    )
    if other is None:
        return ""
    if not typed.duplicate_reason:
        raise DuplicateSupplierNumber(
            N_(
                "This number of the supplier is on bill %(other)s of %(date)s already; say why it comes again."
            ),
            field="supplier_number",
            params={"other": str(other), "date": other.issue_date.isoformat()},
        )
    return typed.duplicate_reason


def _fill(bill: Bill, typed: TypedBill, *, supplier: Supplier, actor: Principal) -> None:
    bill.supplier_id = supplier.pk
    bill.supplier_number = typed.supplier_number
    due_date = due_date_of(typed.issue_date, supplier, actor.company)
    header_fill(bill, typed, due_date=due_date, actor=actor)


def bill_build(
    typed: TypedBill, *, actor: Principal, taxes: TaxTable | None = None
) -> tuple[Bill, list[BillLine], Supplier]:
    """Return an unsaved draft with its lines and totals."""
    supplier = supplier_for(typed.supplier_id)
    lines = purchase_lines_resolve(
        typed.lines,
        supplier=supplier,
        issue_date=typed.issue_date,
        company=actor.company,
        taxes=taxes,
    )
    require_free_number(BILL, typed.number)
    bill = Bill(
        id=uuid7(),
        kind=typed.kind,
        branch_id=drafting.actor_branch(actor),
        created_by_id=actor.user_id,
        external_id=typed.external_id,
        duplicate_reason=_reason_kept(typed),
    )
    _fill(bill, typed, supplier=supplier, actor=actor)
    return bill, drafting.lines_apply(BILL, bill, lines), supplier


@write
def bill_create(*, typed: TypedBill, actor: Principal) -> Bill:
    """Create a draft with all its lines in a constant number of statements (PS-4)."""
    require(actor, "ap.bill.create")
    bill, lines, _ = bill_build(typed, actor=actor)
    drafting.draft_insert(BILL, bill, lines)
    return bill


@write
def bill_update(*, bill_id: uuid.UUID, typed: TypedBill, actor: Principal) -> Bill:
    """Replace header and lines of a draft; the version typed on must be the stored one (SP-9)."""
    bill = drafting.draft_open(
        BILL, document_id=bill_id, typed=typed, own_fields=OWN_FIELDS, actor=actor
    )
    supplier = supplier_for(typed.supplier_id)
    bill.duplicate_reason = _reason_kept(typed, other_than=bill.pk)
    _fill(bill, typed, supplier=supplier, actor=actor)
    lines = purchase_lines_resolve(
        typed.lines, supplier=supplier, issue_date=typed.issue_date, company=actor.company
    )
    replace_lines(BILL, bill, lines)
    drafting.draft_save(bill, OWN_FIELDS)
    return bill


@write
def bill_update_posted(
    *, bill_id: uuid.UUID, changes: dict[str, Any], version: int | None, actor: Principal
) -> Bill:
    """Change notes, due date or reference of a posted bill; nothing fiscal ever changes."""
    bill = drafting.posted_open(
        BILL,
        document_id=bill_id,
        changes=changes,
        allowed=drafting.POSTED_FIELDS,
        version=version,
        actor=actor,
    )
    drafting.posted_save(bill, changes)
    return bill


@write
def bill_delete(*, bill_id: uuid.UUID, actor: Principal, version: int | None = None) -> None:
    """Delete a draft with its lines; a posted bill is voided by a supplier credit instead."""
    drafting.document_delete(BILL, document_id=bill_id, actor=actor, version=version)


@write
def bill_lock(*, bill_id: uuid.UUID, actor: Principal, version: int | None = None) -> Bill:
    """Freeze a bill (RR-3); only an owner. Locking a locked one changes nothing."""
    return drafting.document_lock(BILL, document_id=bill_id, actor=actor, version=version)


@write
def bill_unlock(*, bill_id: uuid.UUID, actor: Principal, version: int | None = None) -> Bill:
    """Open a locked bill again (RR-3); only an owner."""
    return drafting.document_unlock(BILL, document_id=bill_id, actor=actor, version=version)
