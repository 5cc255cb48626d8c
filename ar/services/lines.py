"""One line of a draft invoice: add, change, delete in a constant number of statements (PS-2)."""

from __future__ import annotations

import uuid

from ar.document_types import INVOICE
from ar.models import Invoice, InvoiceLine
from core.transactions import write
from documents.services import lines
from documents.typed import TypedLine
from inventory.services.lines import lines_resolve
from tenancy.principal import Principal

LineResult = lines.LineResult[Invoice, InvoiceLine]


def _resolve(_invoice: Invoice, typed: TypedLine) -> TypedLine:
    (resolved,) = lines_resolve([typed], single=True)
    return resolved


@write
def invoice_line_add(
    *,
    invoice_id: uuid.UUID,
    typed: TypedLine,
    actor: Principal,
    version: int | None = None,
    merge: bool = False,
) -> LineResult:
    """Add one line at the end. The item again: DuplicateItem, or with `merge` its quantity goes up (PS-2)."""
    return lines.line_add(
        INVOICE,
        document_id=invoice_id,
        typed=typed,
        resolve=_resolve,
        actor=actor,
        version=version,
        merge=merge,
    )


@write
def invoice_line_update(
    *,
    invoice_id: uuid.UUID,
    line_id: uuid.UUID,
    typed: TypedLine,
    actor: Principal,
    version: int | None = None,
) -> LineResult:
    """Replace one line's content; totals change by the difference."""
    return lines.line_update(
        INVOICE,
        document_id=invoice_id,
        line_id=line_id,
        typed=typed,
        resolve=_resolve,
        actor=actor,
        version=version,
    )


@write
def invoice_line_delete(
    *, invoice_id: uuid.UUID, line_id: uuid.UUID, actor: Principal, version: int | None = None
) -> LineResult:
    """Delete one line of a draft; the last one stays, since a document needs a line (IF-5)."""
    return lines.line_delete(
        INVOICE, document_id=invoice_id, line_id=line_id, actor=actor, version=version
    )
