"""From typed lines to lines with items and VAT codes, in two statements for any number of lines (PS-4)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from core.errors import N_, DomainError, ValidationErrors
from documents.errors import UnknownItem
from documents.typed import TypedLine
from inventory.models import Item
from ledger.models import TaxCode
from tenancy.statements import Statement, slot


@dataclass(frozen=True, slots=True)
class TaxInfo:
    """A VAT code as lines and posting need it.

    `charged` is what a document of this code shows: category and rate, or out of scope where the party charges no VAT
    itself (reverse charge, VAT paid at customs). `rate` is the code's own.
    """

    code: str
    category: str
    rate: Decimal
    vat_role: str
    revenue_role: str
    reason_code: str
    counter_role: str = ""

    @property
    def is_customs(self) -> bool:
        """Whether the VAT was paid at customs: the line itself is that VAT."""
        return self.vat_role == "vat_input_customs"

    @property
    def charged(self) -> tuple[str, Decimal]:
        """Category and rate on the document."""
        if self.counter_role or self.is_customs:
            return "O", Decimal(0)
        return self.category, self.rate


#: The columns of a VAT code in the order of TaxInfo: every line written reads them, so nothing else is loaded.
_TAX_COLUMNS = (
    "code",
    "category",
    "rate",
    "vat_account_role",
    "revenue_role",
    "reason_code",
    "counter_account_role",
)

_TAX_CODES: Statement[Any] = Statement(
    TaxCode,
    lambda rows: (
        rows.filter(direction=slot("direction"), is_active=True)
        .order_by("is_default", "code")
        .values_list(*_TAX_COLUMNS)
    ),
)


def tax_info(row: TaxCode) -> TaxInfo:
    """Return a VAT code as lines and posting need it."""
    return TaxInfo(
        row.code,
        row.category,
        row.rate,
        row.vat_account_role,
        row.revenue_role,
        row.reason_code,
        row.counter_account_role,
    )


def tax_table(direction: str = "sale") -> tuple[dict[str, TaxInfo], dict[tuple[str, Decimal], str]]:
    """Return the active VAT codes by code, and the default code of each (category, rate). One statement."""
    by_code: dict[str, TaxInfo] = {}
    defaults: dict[tuple[str, Decimal], str] = {}
    for row in _TAX_CODES.all(direction=direction):
        info = TaxInfo(*row)
        by_code[info.code] = info
        defaults[info.charged] = info.code
    return by_code, defaults


class UnknownTaxCode(DomainError):
    """The VAT code is none of the company's, or its rate is not the line's."""

    code = "unknown_tax_code"


TaxTable = tuple[dict[str, TaxInfo], dict[tuple[str, Decimal], str]]


class ItemFacts(NamedTuple):
    """What a line takes over from its item."""

    pk: uuid.UUID
    code: str
    barcode: str
    name: str
    name_arabic: str
    unit: str
    tax_code: str
    kind: str
    is_active: bool


#: Stands for the item of a line of free text.
_NO_ITEM = ItemFacts(uuid.UUID(int=0), "", "", "", "", "", "", "", is_active=True)
Items = dict[uuid.UUID | str, ItemFacts]

_BY_ID = Q(pk__any_of=slot("ids"))
_BY_CODE = Q(code__any_of=slot("codes")) | (Q(barcode__any_of=slot("codes")) & ~Q(barcode=""))


def _items_where(named: Q) -> Statement[Any]:
    return Statement(
        Item, lambda rows: rows.filter(named).order_by().values_list(*ItemFacts._fields)
    )


_ITEMS, _ITEMS_BY_ANY = _items_where(_BY_ID), _items_where(_BY_ID | _BY_CODE)


def _items_named(lines: Sequence[TypedLine]) -> Items:
    """Return the items that lines name, by id, code and barcode. One statement at most."""
    ids = {line.item_id for line in lines if line.item_id is not None}
    codes = {line.item_code for line in lines if line.item_id is None and line.item_code}
    found: Items = {}
    if ids or codes:
        query = _ITEMS_BY_ANY if codes else _ITEMS
        for row in query.all(ids=list(ids), codes=list(codes)):
            item = ItemFacts(*row)
            found[item.pk] = found[item.code] = item
            if item.barcode:
                found.setdefault(item.barcode, item)
    return found


def _item_of(line: TypedLine, items: Items, at: str) -> ItemFacts | None:
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


def _tax_of(line: TypedLine, item: ItemFacts | None, taxes: TaxTable, at: str) -> TaxInfo:
    """Return the typed VAT code, else the item's where it fits the rate, else the rate's default."""
    by_code, defaults = taxes
    code = line.tax_code
    if line.tax_follows_code:
        if code not in by_code:
            raise UnknownTaxCode(N_("There is no such VAT code."), field=f"{at}tax_code")
        return by_code[code]
    wanted = (line.tax_category, line.tax_rate)
    if not code and item is not None:
        known = by_code.get(item.tax_code)
        if known is not None and known.charged == wanted:
            code = item.tax_code
    code = code or defaults.get(wanted, "")
    info = by_code.get(code)
    if info is None or info.charged != wanted:
        raise UnknownTaxCode(N_("The VAT code does not fit the VAT rate."), field=f"{at}tax_code")
    return info


def _resolved(line: TypedLine, item: ItemFacts | None, tax: TaxInfo) -> TypedLine:
    category, rate = tax.charged
    known = item or _NO_ITEM
    # named one by one: a general copy takes ten times as long, and a document has hundreds of lines
    return TypedLine(
        id=line.id,
        item_id=line.item_id if item is None else item.pk,
        item_code=line.item_code if item is None else item.code,
        description=line.description or known.name,
        description_arabic=line.description_arabic or known.name_arabic,
        quantity=line.quantity,
        unit=line.unit or known.unit,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tax_code=tax.code,
        tax_category=category,
        tax_rate=rate,
        tax_follows_code=line.tax_follows_code,
        extra=line.extra,
    )


def lines_resolve(
    lines: Sequence[TypedLine],
    *,
    direction: str = "sale",
    name: str = "lines",
    single: bool = False,
    taxes: TaxTable | None = None,
    place: Callable[[TypedLine, ItemFacts | None, str], TypedLine] | None = None,
) -> list[TypedLine]:
    """Fill in item, code, description, unit and VAT code; raises ValidationErrors naming each wrong line.

    Items are named by id or by code or barcode. Two statements: items, VAT codes. `place` fills in what only some
    documents have, given the line, its item and the prefix of its fields; it reads nothing from the database.
    """
    items = _items_named(lines)
    table = taxes or tax_table(direction)
    errors: list[DomainError] = []
    resolved = []
    for index, line in enumerate(lines):
        at = "" if single else f"{name}.{index}."
        try:
            item = _item_of(line, items, at)
            filled = _resolved(line, item, _tax_of(line, item, table, at))
            resolved.append(filled if place is None else place(filled, item, at))
        except DomainError as error:
            errors.append(error)
    if errors:
        raise ValidationErrors(errors)
    return resolved
