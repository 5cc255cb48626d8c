"""From typed lines to lines with items and VAT codes, in two statements for any number of lines (PS-4)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from core.errors import N_, DomainError, ValidationErrors
from documents.errors import UnknownItem
from documents.typed import TypedLine
from inventory.models import Item
from ledger.models import TaxCode


@dataclass(frozen=True, slots=True)
class TaxInfo:
    """A VAT code as posting needs it."""

    code: str
    category: str
    rate: object
    vat_role: str
    revenue_role: str
    reason_code: str


def tax_table(direction: str = "sale") -> tuple[dict[str, TaxInfo], dict[tuple[str, object], str]]:
    """Return the active VAT codes by code, and the default code of each (category, rate). One statement."""
    by_code: dict[str, TaxInfo] = {}
    defaults: dict[tuple[str, object], str] = {}
    rows = TaxCode.objects.filter(direction=direction, is_active=True).order_by(
        "is_default", "code"
    )
    for row in rows:
        by_code[row.code] = TaxInfo(
            row.code,
            row.category,
            row.rate,
            row.vat_account_role,
            row.revenue_role,
            row.reason_code,
        )
        defaults[(row.category, row.rate)] = row.code
    return by_code, defaults


class UnknownTaxCode(DomainError):
    """The VAT code is none of the company's, or its rate is not the line's."""

    code = "unknown_tax_code"


TaxTable = tuple[dict[str, TaxInfo], dict[tuple[str, object], str]]


Items = dict[uuid.UUID | str, Item]


def _items_named(lines: Sequence[TypedLine]) -> Items:
    """Return the items that lines name, by id, code and barcode. One statement at most."""
    ids = {line.item_id for line in lines if line.item_id is not None}
    codes = {line.item_code for line in lines if line.item_id is None and line.item_code}
    found: Items = {}
    if ids or codes:
        chosen = Item.objects.filter(
            Q(pk__in=ids) | Q(code__in=codes) | (Q(barcode__in=codes) & ~Q(barcode=""))
        )
        for item in chosen:
            found[item.pk] = found[item.code] = item
            if item.barcode:
                found.setdefault(item.barcode, item)
    return found


def _item_of(line: TypedLine, items: Items, at: str) -> Item | None:
    """Return the line's item, None for a line of free text. Raises UnknownItem."""
    named = line.item_id or line.item_code
    if not named:
        return None
    item = items.get(named)
    if item is None:
        raise UnknownItem(N_("There is no such item."), field=f"{at}item")
    if not item.is_active:
        raise UnknownItem(N_("This item is no longer in use."), field=f"{at}item")
    return item


def _tax_code_of(line: TypedLine, item: Item | None, taxes: TaxTable, at: str) -> str:
    """Return the typed VAT code, else the item's where it fits the rate, else the rate's default."""
    by_code, defaults = taxes
    wanted = (line.tax_category, line.tax_rate)
    code = line.tax_code
    if not code and item is not None:
        known = by_code.get(item.tax_code)
        if known is not None and (known.category, known.rate) == wanted:
            code = item.tax_code
    code = code or defaults.get(wanted, "")
    info = by_code.get(code)
    if info is None or (info.category, info.rate) != wanted:
        raise UnknownTaxCode(N_("The VAT code does not fit the VAT rate."), field=f"{at}tax_code")
    return code


def _resolved(line: TypedLine, item: Item | None, tax_code: str) -> TypedLine:
    if item is None:
        return replace(line, tax_code=tax_code)
    return replace(
        line,
        tax_code=tax_code,
        item_id=item.pk,
        item_code=item.code,
        description=line.description or item.name,
        description_arabic=line.description_arabic or item.name_arabic,
        unit=line.unit or item.unit,
    )


def lines_resolve(
    lines: Sequence[TypedLine],
    *,
    direction: str = "sale",
    name: str = "lines",
    single: bool = False,
    taxes: TaxTable | None = None,
) -> list[TypedLine]:
    """Fill in item, code, description, unit and VAT code; raises ValidationErrors naming each wrong line.

    Items are named by id or by code or barcode. Two statements: items, VAT codes.
    """
    items = _items_named(lines)
    table = taxes or tax_table(direction)
    errors: list[DomainError] = []
    resolved = []
    for index, line in enumerate(lines):
        at = "" if single else f"{name}.{index}."
        try:
            item = _item_of(line, items, at)
            resolved.append(_resolved(line, item, _tax_code_of(line, item, table, at)))
        except DomainError as error:
            errors.append(error)
    if errors:
        raise ValidationErrors(errors)
    return resolved
