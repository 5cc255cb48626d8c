"""The lines of a draft: built, replaced as a whole, or changed one by one in a constant number of statements (PS-2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Generic

from core.errors import N_
from core.ids import uuid7
from core.timing import phase
from documents.errors import DocumentNotFound, DuplicateItem, NoLines, TooManyLines
from documents.registry import DocumentType, HeaderT, LineT
from documents.services.loading import draft_for_update
from documents.stored import (
    LINE_TOTAL_FIELDS,
    TOTAL_FIELDS,
    apply_line_change,
    apply_totals,
    calculate_and_save_totals,
)
from documents.typed import MAX_LINES, TypedLine
from documents.versions import require_version
from tenancy.context import current_company_id
from tenancy.principal import Principal
from tenancy.rows import row_made, row_update, rows_delete, rows_insert
from tenancy.statements import Statement, slot

#: Columns of a line that are typed.
TYPED_FIELDS = (
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
)

#: Fills in what a document's line takes from items, VAT codes and accounts; raises ValidationErrors.
ResolveLine = Callable[[HeaderT, TypedLine], TypedLine]


@dataclass(frozen=True, slots=True)
class LineResult(Generic[HeaderT, LineT]):
    """The line written (None after a deletion) and its document with fresh totals."""

    line: LineT | None
    document: HeaderT


def build_lines(
    kind: DocumentType[Any, LineT],
    document_id: uuid.UUID,
    typed: Iterable[TypedLine],
    *,
    first_position: int = 1,
) -> list[LineT]:
    """Return unsaved line rows in the order typed; amounts are filled in by documents.stored."""
    own, nothing = kind.line_fields, dict[str, Any]()
    same = _defaults(kind.line) | {"company_id": current_company_id(), "document_id": document_id}
    return [
        row_made(
            kind.line,
            {
                **same,
                "id": uuid7(),
                "position": position,
                **{name: getattr(line, name) for name in TYPED_FIELDS},
                **{name: (line.extra or nothing).get(name) for name in own},
            },
        )
        for position, line in enumerate(typed, start=first_position)
    ]


@cache
def _defaults(line: type[Any]) -> dict[str, Any]:
    """Return what a line has in each column where nobody says otherwise."""
    return {
        field.attname: field.get_default()
        for field in line._meta.concrete_fields
        if field.attname not in ("id", "company_id")
    }


@cache
def _lines(line: type[Any]) -> Statement[Any]:
    return Statement(
        line, lambda rows: rows.filter(document_id=slot("document_id")).order_by("position")
    )


@cache
def _last_position(line: type[Any]) -> Statement[int]:
    return Statement(
        line,
        lambda rows: (
            rows.filter(document_id=slot("document_id"))
            .order_by("-position")
            .values_list("position", flat=True)[:1]
        ),
    )


@cache
def _same_item(line: type[Any]) -> Statement[Any]:
    return Statement(
        line,
        lambda rows: rows.filter(document_id=slot("document_id"), item_id=slot("item_id"))[:1],
    )


def lines_of(kind: DocumentType[Any, LineT], document_id: uuid.UUID) -> list[LineT]:
    """Return the lines of a document in their order."""
    return _lines(kind.line).all(document_id=document_id)


def replace_lines(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, typed: Sequence[TypedLine]
) -> None:
    """Update lines whose id is known, insert new ones, delete the rest: three statements at most, totals included."""
    stored = {line.pk: line for line in kind.line.objects.filter(document_id=document.pk)}
    rows = build_lines(kind, document.pk, typed)
    for row, line in zip(rows, typed, strict=True):
        if line.id in stored:
            row.pk = line.id
    apply_totals(document, rows)
    kept = {row.pk for row in rows if row.pk in stored}
    gone = [pk for pk in stored if pk not in kept]
    if gone:
        rows_delete(kind.line.objects.filter(pk__in=gone))
    fields = ("position", *TYPED_FIELDS, *kind.line_fields, *LINE_TOTAL_FIELDS)
    changed = [
        row
        for row in rows
        if row.pk in stored
        and any(getattr(row, name) != getattr(stored[row.pk], name) for name in fields)
    ]
    if changed:
        # bulk_update names fields, not columns
        names = [name.removesuffix("_id") for name in fields]
        kind.line.objects.bulk_update(changed, names)
    rows_insert([row for row in rows if row.pk not in stored])


def line_add(
    kind: DocumentType[HeaderT, LineT],
    *,
    document_id: uuid.UUID,
    typed: TypedLine,
    resolve: ResolveLine[HeaderT],
    actor: Principal,
    version: int | None = None,
    merge: bool = False,
) -> LineResult[HeaderT, LineT]:
    """Add one line at the end. The item again: DuplicateItem, or with `merge` its quantity goes up (PS-2)."""
    with phase("load"):
        document = draft_for_update(kind, document_id, actor)
        require_version(document, version)
        if document.line_count >= MAX_LINES:
            raise TooManyLines(N_("A document has at most 10,000 lines."), field="lines")
        resolved = resolve(document, typed)
    with phase("check"):
        if resolved.item_id is not None:
            same = _with_item(kind, document, resolved.item_id)
            if same is not None:
                if not merge:
                    raise _item_again(same)
                return _grow(kind, document, same, resolved.quantity)
        last = _last_position(kind.line).first(document_id=document.pk) or 0
    with phase("insert"):
        (line,) = build_lines(kind, document.pk, [resolved], first_position=last + 1)
        _change(document, removed=None, added=line)
        rows_insert([line])
        return _after(kind, document, line)


def line_update(
    kind: DocumentType[HeaderT, LineT],
    *,
    document_id: uuid.UUID,
    line_id: uuid.UUID,
    typed: TypedLine,
    resolve: ResolveLine[HeaderT],
    actor: Principal,
    version: int | None = None,
) -> LineResult[HeaderT, LineT]:
    """Replace one line's content; totals change by the difference."""
    document = draft_for_update(kind, document_id, actor)
    require_version(document, version)
    line = _line_of(kind, document, line_id)
    resolved = resolve(document, typed)
    if resolved.item_id is not None and resolved.item_id != line.item_id:
        same = _with_item(kind, document, resolved.item_id)
        if same is not None:
            raise _item_again(same)
    (fresh,) = build_lines(kind, document.pk, [resolved], first_position=line.position)
    fresh.pk = line.pk
    fresh.company_id = line.company_id
    _change(document, removed=line, added=fresh)
    fresh.save(force_update=True)
    return _after(kind, document, fresh)


def line_delete(
    kind: DocumentType[HeaderT, LineT],
    *,
    document_id: uuid.UUID,
    line_id: uuid.UUID,
    actor: Principal,
    version: int | None = None,
) -> LineResult[HeaderT, LineT]:
    """Delete one line of a draft; the last one stays, since a document needs a line (IF-5)."""
    document = draft_for_update(kind, document_id, actor)
    require_version(document, version)
    line = _line_of(kind, document, line_id)
    if document.line_count <= 1:
        raise NoLines(N_("Add at least one line."), field="lines")
    _change(document, removed=line, added=None)
    rows_delete(kind.line.objects.filter(pk=line.pk))
    return _after(kind, document)


def _change(document: HeaderT, *, removed: LineT | None, added: LineT | None) -> None:
    """Update totals incrementally; a document whose prices include VAT is recomputed after the write."""
    if not document.prices_include_tax:
        apply_line_change(document, removed=removed, added=added)


def _after(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, line: LineT | None = None
) -> LineResult[HeaderT, LineT]:
    """Store the totals; where prices include VAT, `line` gets its share of them only now."""
    if document.prices_include_tax:
        rows = lines_of(kind, document.pk)
        calculate_and_save_totals(document, rows)
        if line is not None:
            line = next(row for row in rows if row.pk == line.pk)
    document.version += 1
    row_update(document, (*TOTAL_FIELDS, "version", "updated_at"))
    return LineResult(line, document)


def _grow(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, line: LineT, quantity: Decimal
) -> LineResult[HeaderT, LineT]:
    before = kind.line(
        id=line.pk,
        document_id=line.document_id,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        net_amount=line.net_amount,
    )
    line.quantity += quantity
    _change(document, removed=before, added=line)
    line.save(force_update=True)
    return _after(kind, document, line)


def _with_item(
    kind: DocumentType[HeaderT, LineT], document: HeaderT, item_id: uuid.UUID
) -> LineT | None:
    found: LineT | None = _same_item(kind.line).first(document_id=document.pk, item_id=item_id)
    return found


def _item_again(line: LineT) -> DuplicateItem:
    return DuplicateItem(
        N_("This item is in line %(position)s already; add to its quantity?"),
        field="item",
        params={"position": line.position},
    )


def _line_of(kind: DocumentType[HeaderT, LineT], document: HeaderT, line_id: uuid.UUID) -> LineT:
    line: LineT | None = kind.line.objects.filter(document_id=document.pk, pk=line_id).first()
    if line is None:
        raise DocumentNotFound(N_("There is no such line."))
    return line
