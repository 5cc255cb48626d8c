"""One line of a draft bill: add, change, delete in a constant number of statements (PS-2)."""

from __future__ import annotations

import uuid

from ap.document_types import BILL
from ap.models import Bill, BillLine
from ap.services.building import purchase_lines_resolve, supplier_for
from core.transactions import write
from documents.services import lines
from documents.services.lines import ResolveLine
from documents.typed import TypedLine
from tenancy.principal import Principal

LineResult = lines.LineResult[Bill, BillLine]


def _resolver(actor: Principal) -> ResolveLine[Bill]:
    def resolve(bill: Bill, typed: TypedLine) -> TypedLine:
        (resolved,) = purchase_lines_resolve(
            [typed],
            supplier=supplier_for(bill.supplier_id),
            issue_date=bill.issue_date,
            company=actor.company,
            single=True,
        )
        return resolved

    return resolve


@write
def bill_line_add(
    *,
    bill_id: uuid.UUID,
    typed: TypedLine,
    actor: Principal,
    version: int | None = None,
    merge: bool = False,
) -> LineResult:
    """Add one line at the end. The item again: DuplicateItem, or with `merge` its quantity goes up (PS-2)."""
    return lines.line_add(
        BILL,
        document_id=bill_id,
        typed=typed,
        resolve=_resolver(actor),
        actor=actor,
        version=version,
        merge=merge,
    )


@write
def bill_line_update(
    *,
    bill_id: uuid.UUID,
    line_id: uuid.UUID,
    typed: TypedLine,
    actor: Principal,
    version: int | None = None,
) -> LineResult:
    """Replace one line's content; totals change by the difference."""
    return lines.line_update(
        BILL,
        document_id=bill_id,
        line_id=line_id,
        typed=typed,
        resolve=_resolver(actor),
        actor=actor,
        version=version,
    )


@write
def bill_line_delete(
    *, bill_id: uuid.UUID, line_id: uuid.UUID, actor: Principal, version: int | None = None
) -> LineResult:
    """Delete one line of a draft; the last one stays, since a document needs a line."""
    return lines.line_delete(
        BILL, document_id=bill_id, line_id=line_id, actor=actor, version=version
    )
