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
    ids = {line.item_id for line in lines if line.item_id is not None}
    codes = {line.item_code for line in lines if line.item_id is None and line.item_code}
    by_id: dict[uuid.UUID, Item] = {}
    by_code: dict[str, Item] = {}
    if ids or codes:
        chosen = Item.objects.filter(
            Q(pk__in=ids) | Q(code__in=codes) | (Q(barcode__in=codes) & ~Q(barcode=""))
        )
        for item in chosen:
            by_id[item.pk] = item
            by_code[item.code] = item
            if item.barcode:
                by_code.setdefault(item.barcode, item)
    codes_table, defaults = taxes or tax_table(direction)
    errors: list[DomainError] = []
    resolved = []
    for index, line in enumerate(lines):
        at = "" if single else f"{name}.{index}."
        item = by_id.get(line.item_id) if line.item_id else by_code.get(line.item_code)
        if item is None and (line.item_id is not None or line.item_code):
            errors.append(UnknownItem(N_("There is no such item."), field=f"{at}item"))
            continue
        if item is not None and not item.is_active:
            errors.append(UnknownItem(N_("This item is no longer in use."), field=f"{at}item"))
            continue
        tax_code = line.tax_code
        if not tax_code and item is not None:
            known = codes_table.get(item.tax_code)
            if known and (known.category, known.rate) == (line.tax_category, line.tax_rate):
                tax_code = item.tax_code
        if not tax_code:
            tax_code = defaults.get((line.tax_category, line.tax_rate), "")
        info = codes_table.get(tax_code)
        if info is None or (info.category, info.rate) != (line.tax_category, line.tax_rate):
            errors.append(
                UnknownTaxCode(N_("The VAT code does not fit the VAT rate."), field=f"{at}tax_code")
            )
            continue
        changes: dict[str, object] = {"tax_code": tax_code}
        if item is not None:
            changes |= {
                "item_id": item.pk,
                "item_code": item.code,
                "description": line.description or item.name,
                "description_arabic": line.description_arabic or item.name_arabic,
                "unit": line.unit or item.unit,
            }
        resolved.append(replace(line, **changes))  # type: ignore[arg-type]
    if errors:
        raise ValidationErrors(errors)
    return resolved
