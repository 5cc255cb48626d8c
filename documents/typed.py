"""What people and programs type for a document, checked field by field (IF-1, IF-5). Pure: no database.

The editor's preview, the pages, the API and the import all read their lines here, so they all refuse the same things
with the same words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text, parse_decimal, parse_uuid
from documents.errors import NoLines, TooManyLines
from documents.totals import DocumentTotals, LineInput, compute_totals, line_amounts

MAX_LINES = 10_000
TAX_RATES = (Decimal(15), Decimal(5), Decimal(0))
TAX_CATEGORIES = ("S", "Z", "E", "O")

T = TypeVar("T")


class UnknownTaxRate(DomainError):
    """The VAT rate is one of 15, 5 and 0 (IF-5)."""

    code = "unknown_tax_rate"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line as typed. `item_id` None: a line of free text. Prices in the document's currency."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal = Decimal(15)
    tax_category: str = "S"
    tax_code: str = ""
    discount_percent: Decimal = Decimal(0)
    item_id: uuid.UUID | None = None
    item_code: str = ""
    description_arabic: str = ""
    unit: str = ""
    id: uuid.UUID | None = None

    def as_input(self) -> LineInput:
        """Return what the arithmetic needs of the line."""
        return LineInput(
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount_percent=self.discount_percent,
            tax_category=self.tax_category,
            tax_rate=self.tax_rate,
        )


@dataclass(slots=True)
class Collected:
    """Collects every broken rule instead of stopping at the first."""

    errors: list[DomainError] = field(default_factory=list)

    def take(self, read: Callable[[], T], default: T) -> T:
        """Return what `read` returns; on a broken rule note it and return the default."""
        try:
            return read()
        except ValidationErrors as error:
            self.errors.extend(error.errors)
        except DomainError as error:
            self.errors.append(error)
        return default

    def done(self) -> None:
        """Raise ValidationErrors when anything was noted."""
        if self.errors:
            raise ValidationErrors(self.errors)


def _first(raw: Mapping[str, Any], *names: str) -> Any:
    for name in names:
        if name in raw and raw[name] is not None and raw[name] != "":
            return raw[name]
    return None


def tax_of(raw: Mapping[str, Any], at: str) -> tuple[str, Decimal]:
    """Return (category, rate) of a typed line; 0 without a category is zero rated."""
    value = _first(raw, "vat_rate", "tax_rate")
    rate = (
        Decimal(15)
        if value is None
        else parse_decimal(value, field=f"{at}vat_rate", max_digits=7, places=4)
    )
    if rate not in TAX_RATES:
        raise UnknownTaxRate(N_("The VAT rate is 15, 5 or 0."), field=f"{at}vat_rate")
    category = str(_first(raw, "tax_category", "vat_category") or ("S" if rate else "Z"))
    if category not in TAX_CATEGORIES or (category == "S") != bool(rate):
        raise UnknownTaxRate(
            N_("The VAT category does not fit the VAT rate."), field=f"{at}tax_category"
        )
    return category, rate


def parse_line(raw: Mapping[str, Any], at: str = "") -> TypedLine:
    """Read one typed line. `at` is the field prefix, for example `lines.0.`; raises ValidationErrors."""
    if not isinstance(raw, Mapping):
        raise ValidationErrors(
            [DomainError(N_("A line is an object."), code="invalid", field=at.rstrip("."))]
        )
    note = Collected()
    item_id = _first(raw, "item", "item_id")
    parsed_item = parsed_id = None
    if item_id is not None:
        parsed_item = note.take(lambda: parse_uuid(item_id, field=f"{at}item"), None)
    line_id = _first(raw, "id")
    if line_id is not None:
        parsed_id = note.take(lambda: parse_uuid(line_id, field=f"{at}id"), None)

    def text(name: str, maximum: int, minimum: int = 0) -> str:
        if not minimum and not raw.get(name):
            return ""  # most lines leave most texts out, and the preview reads them on every key stroke
        return note.take(
            lambda: clean_text(
                raw.get(name) or "", field=f"{at}{name}", min_length=minimum, max_length=maximum
            ),
            "",
        )

    def number(name: str, places: int, minimum: Decimal | None, missing: Any = None) -> Decimal:
        value = raw.get(name)
        if (value is None or value == "") and missing is not None:
            return Decimal(missing)
        return note.take(
            lambda: parse_decimal(
                "" if value is None else value,
                field=f"{at}{name}",
                max_digits=19,
                places=places,
                minimum=minimum,
            ),
            Decimal(0),
        )

    has_item = item_id is not None or bool(raw.get("item_code"))
    description = text("description", 500, 0 if has_item else 1)
    quantity = number("quantity", 6, None)
    if quantity <= 0 and not any(e.field == f"{at}quantity" for e in note.errors):
        note.errors.append(
            DomainError(
                N_("The quantity is greater than zero."), code="too_small", field=f"{at}quantity"
            )
        )
    price = number("unit_price", 6, Decimal(0))
    discount = number("discount_percent", 4, Decimal(0), missing=0)
    if discount > 100:
        note.errors.append(
            DomainError(
                N_("A discount is at most 100 percent."),
                code="too_large",
                field=f"{at}discount_percent",
            )
        )
    category, rate = note.take(lambda: tax_of(raw, at), ("S", Decimal(15)))
    line = TypedLine(
        id=parsed_id,
        item_id=parsed_item,
        item_code=text("item_code", 60),
        description=description,
        description_arabic=text("description_arabic", 500),
        quantity=quantity,
        unit=text("unit", 20),
        unit_price=price,
        discount_percent=discount,
        tax_category=category,
        tax_rate=rate,
        tax_code=text("tax_code", 12),
    )
    note.done()
    return line


def parse_lines(raw_lines: Any, *, name: str = "lines") -> list[TypedLine]:
    """Read all lines; raises ValidationErrors naming every wrong field, NoLines and TooManyLines."""
    if not isinstance(raw_lines, Sequence) or isinstance(raw_lines, str | bytes):
        raise ValidationErrors(
            [DomainError(N_("The lines are a list."), code="invalid", field=name)]
        )
    if not raw_lines:
        raise ValidationErrors([NoLines(N_("Add at least one line."), field=name)])
    if len(raw_lines) > MAX_LINES:
        raise ValidationErrors(
            [TooManyLines(N_("A document has at most 10,000 lines."), field=name)]
        )
    note = Collected()
    lines = []
    for index, raw in enumerate(raw_lines):
        line = note.take(lambda raw=raw, index=index: parse_line(raw, f"{name}.{index}."), None)  # type: ignore[misc]
        if line is not None:
            lines.append(line)
    note.done()
    return lines


@dataclass(frozen=True, slots=True)
class Preview:
    """Totals of the lines that could be read, and what is wrong with the others."""

    lines: tuple[TypedLine | None, ...]
    totals: DocumentTotals
    errors: tuple[DomainError, ...]

    @property
    def is_valid(self) -> bool:
        return not self.errors


def preview_lines(
    raw_lines: Any,
    *,
    currency: str,
    document_discount: Decimal = Decimal(0),
    prices_include_tax: bool = False,
    name: str = "lines",
) -> Preview:
    """Compute the totals of the lines as typed, wrong ones left out and named (IF-1). No database."""
    note = Collected()
    if not isinstance(raw_lines, Sequence) or isinstance(raw_lines, str | bytes):
        note.errors.append(DomainError(N_("The lines are a list."), code="invalid", field=name))
        raw_lines = []
    elif not raw_lines:
        note.errors.append(NoLines(N_("Add at least one line."), field=name))
    elif len(raw_lines) > MAX_LINES:
        note.errors.append(TooManyLines(N_("A document has at most 10,000 lines."), field=name))
        raw_lines = []
    lines: list[TypedLine | None] = []
    for index, raw in enumerate(raw_lines):
        at = f"{name}.{index}."
        line = note.take(lambda raw=raw, at=at: parse_line(raw, at), None)  # type: ignore[misc]
        if line is not None:
            # a line too large for an amount is named and left out; the rest is still computed
            try:
                line_amounts(line.as_input(), currency)
            except DomainError as error:
                note.errors.append(error.within(at.rstrip(".")))
                line = None
        lines.append(line)
    good = [line.as_input() for line in lines if line is not None]
    totals = note.take(
        lambda: compute_totals(
            good,
            currency=currency,
            document_discount=document_discount,
            prices_include_tax=prices_include_tax,
        ),
        compute_totals([], currency=currency),
    )
    return Preview(tuple(lines), totals, tuple(note.errors))
