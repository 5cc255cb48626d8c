"""One line of a draft invoice: add, change, delete in a constant number of statements (PS-2)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max

from ar.models import Invoice, InvoiceLine
from ar.services.building import build_lines
from ar.services.invoices import invoice_for_update, require_draft, require_editable
from core.errors import N_
from core.timing import phase
from core.transactions import write
from documents.errors import DocumentNotFound, DuplicateItem, NoLines, TooManyLines
from documents.services.rows import lines_insert
from documents.stored import TOTAL_FIELDS, apply_line_change, calculate_and_save_totals
from documents.typed import MAX_LINES, TypedLine
from documents.versions import require_version
from inventory.services.lines import lines_resolve
from tenancy.principal import Principal


@dataclass(frozen=True, slots=True)
class LineResult:
    """The line written (None after a deletion) and its document with fresh totals."""

    line: InvoiceLine | None
    invoice: Invoice


def _save_header(invoice: Invoice) -> None:
    invoice.version += 1
    invoice.save(update_fields=[*TOTAL_FIELDS, "version", "updated_at"])


def _change(invoice: Invoice, *, removed: InvoiceLine | None, added: InvoiceLine | None) -> None:
    """Update totals incrementally; a document whose prices include VAT is recomputed after the write."""
    if not invoice.prices_include_tax:
        apply_line_change(invoice, removed=removed, added=added)


def _after(invoice: Invoice, line: InvoiceLine | None = None) -> LineResult:
    """Store the totals; where prices include VAT, `line` gets its share of them only now."""
    if invoice.prices_include_tax:
        rows = list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))
        calculate_and_save_totals(invoice, rows)
        if line is not None:
            line = next(row for row in rows if row.pk == line.pk)
    _save_header(invoice)
    return LineResult(line, invoice)


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
    with phase("load"):
        invoice = invoice_for_update(invoice_id)
        require_editable(invoice, actor)
        require_draft(invoice)
        require_version(invoice, version)
        if invoice.line_count >= MAX_LINES:
            raise TooManyLines(N_("A document has at most 10,000 lines."), field="lines")
        (resolved,) = lines_resolve([typed], single=True)
    with phase("check"):
        if resolved.item_id is not None:
            same = InvoiceLine.objects.filter(
                document_id=invoice.pk, item_id=resolved.item_id
            ).first()
            if same is not None:
                if not merge:
                    raise DuplicateItem(
                        N_("This item is in line %(position)s already; add to its quantity?"),
                        field="item",
                        params={"position": same.position},
                    )
                return _grow(invoice, same, resolved.quantity)
        last = InvoiceLine.objects.filter(document_id=invoice.pk).aggregate(n=Max("position"))["n"]
    with phase("insert"):
        (line,) = build_lines(InvoiceLine, invoice.pk, [resolved], first_position=(last or 0) + 1)
        _change(invoice, removed=None, added=line)
        lines_insert([line])
        return _after(invoice, line)


def _grow(invoice: Invoice, line: InvoiceLine, quantity: Decimal) -> LineResult:
    before = _copy(line)
    line.quantity += quantity
    _change(invoice, removed=before, added=line)
    line.save(force_update=True)
    return _after(invoice, line)


def _copy(line: InvoiceLine) -> InvoiceLine:
    return InvoiceLine(
        id=line.pk,
        document_id=line.document_id,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        net_amount=line.net_amount,
    )


def _line_of(invoice: Invoice, line_id: uuid.UUID) -> InvoiceLine:
    line = InvoiceLine.objects.filter(document_id=invoice.pk, pk=line_id).first()
    if line is None:
        raise DocumentNotFound(N_("There is no such line."))
    return line


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
    invoice = invoice_for_update(invoice_id)
    require_editable(invoice, actor)
    require_draft(invoice)
    require_version(invoice, version)
    line = _line_of(invoice, line_id)
    (resolved,) = lines_resolve([typed], single=True)
    if resolved.item_id is not None and resolved.item_id != line.item_id:
        same = InvoiceLine.objects.filter(document_id=invoice.pk, item_id=resolved.item_id).first()
        if same is not None:
            raise DuplicateItem(
                N_("This item is in line %(position)s already; add to its quantity?"),
                field="item",
                params={"position": same.position},
            )
    (fresh,) = build_lines(InvoiceLine, invoice.pk, [resolved], first_position=line.position)
    fresh.pk = line.pk
    fresh.company_id = line.company_id
    _change(invoice, removed=line, added=fresh)
    fresh.save(force_update=True)
    return _after(invoice, fresh)


@write
def invoice_line_delete(
    *,
    invoice_id: uuid.UUID,
    line_id: uuid.UUID,
    actor: Principal,
    version: int | None = None,
) -> LineResult:
    """Delete one line of a draft; the last one stays, since a document needs a line (IF-5)."""
    invoice = invoice_for_update(invoice_id)
    require_editable(invoice, actor)
    require_draft(invoice)
    require_version(invoice, version)
    line = _line_of(invoice, line_id)
    if invoice.line_count <= 1:
        raise NoLines(N_("Add at least one line."), field="lines")
    _change(invoice, removed=line, added=None)
    InvoiceLine.objects.filter(pk=line.pk).delete()
    return _after(invoice)
