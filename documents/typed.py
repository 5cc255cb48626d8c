"""What people and programs type for a document, checked field by field (IF-1, IF-5). Pure: no database.

The editor's preview, the pages, the API and the import all read their lines here, so they all refuse the same things
with the same words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text, parse_decimal, parse_uuid
from documents.errors import NoLines, TooManyLines
from documents.totals import DocumentTotals, compute_totals, line_amounts

MAX_LINES = 10_000
TAX_RATES = (Decimal(15), Decimal(5), Decimal(0))
TAX_CATEGORIES = ("S", "Z", "E", "O")

T = TypeVar("T")


class UnknownTaxRate(DomainError):
    """The VAT rate is one of 15, 5 and 0 (IF-5)."""

    code = "unknown_tax_rate"


@dataclass(
    slots=True
)  # not frozen: that triples the cost of making one, and the preview makes hundreds
class TypedLine:
    """One line as typed, never changed. `item_id` None: a line of free text. Prices in the document's currency."""

    #: A line is discounted by percent; the arithmetic asks for an amount first.
    discount_amount: ClassVar[Decimal | None] = None

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
    #: A VAT code was typed and no rate: the code says category and rate.
    tax_follows_code: bool = False
    #: What only some kinds of documents type on a line (DocumentType.line_fields).
    extra: Mapping[str, Any] | None = None


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


#: What almost every line says, read without further questions: the preview reads hundreds of lines on a keystroke.
_PLAIN_RATES = {"15": ("S", Decimal(15)), "0": ("Z", Decimal(0)), None: ("S", Decimal(15))}
_ZERO = Decimal(0)
_TEXTS = {str, type(None)}


def tax_of(raw: Mapping[str, Any], at: str) -> tuple[str, Decimal]:
    """Return (category, rate) of a typed line; 0 without a category is zero rated."""
    value = _first(raw, "vat_rate", "tax_rate")
    named = _first(raw, "tax_category", "vat_category")
    if named is None and (value is None or type(value) is str) and value in _PLAIN_RATES:
        return _PLAIN_RATES[value]
    rate = (
        Decimal(15)
        if value is None
        else parse_decimal(value, field=f"{at}vat_rate", max_digits=7, places=4)
    )
    if rate not in TAX_RATES:
        raise UnknownTaxRate(N_("The VAT rate is 15, 5 or 0."), field=f"{at}vat_rate")
    category = str(named) if named is not None else ("S" if rate else "Z")
    if category not in TAX_CATEGORIES or (category == "S") != bool(rate):
        raise UnknownTaxRate(
            N_("The VAT category does not fit the VAT rate."), field=f"{at}tax_category"
        )
    return category, rate


@dataclass(slots=True)
class _Fields:
    """The fields of one typed line: each read notes what is wrong and returns a harmless value."""

    raw: Mapping[str, Any]
    at: str
    errors: list[DomainError]

    def text(self, name: str, maximum: int, minimum: int = 0) -> str:
        value = self.raw.get(name)
        if (value is None or value == "") and not minimum:
            return ""  # most lines leave most texts out
        try:
            return clean_text(value, field=self.at + name, min_length=minimum, max_length=maximum)
        except DomainError as error:
            self.errors.append(error)
            return ""

    def number(
        self, name: str, places: int, minimum: Decimal | None, missing: Decimal | None = None
    ) -> Decimal:
        value = self.raw.get(name)
        if value is None or value == "":
            if missing is not None:
                return missing
            value = ""
        try:
            return parse_decimal(
                value, field=self.at + name, max_digits=19, places=places, minimum=minimum
            )
        except DomainError as error:
            self.errors.append(error)
            return _ZERO

    def key(self, value: Any, name: str) -> uuid.UUID | None:
        if value is None:
            return None
        try:
            return parse_uuid(value, field=self.at + name)
        except DomainError as error:
            self.errors.append(error)
            return None

    def tax(self) -> tuple[str, Decimal]:
        try:
            return tax_of(self.raw, self.at)
        except DomainError as error:
            self.errors.append(error)
            return "S", Decimal(15)

    def refuse(self, message: str, code: str, name: str) -> None:
        self.errors.append(DomainError(message, code=code, field=self.at + name))


@lru_cache(maxsize=4096)
def _known_line(typed: tuple[tuple[str, str | None], ...]) -> TypedLine:
    """Read a line by what it says: the preview gets the same lines on each keystroke, all but one."""
    return _read_line(dict(typed), "")


def parse_line(raw: Mapping[str, Any], at: str = "") -> TypedLine:
    """Read one typed line. `at` is the field prefix, for example `lines.0.`; raises ValidationErrors."""
    if not isinstance(raw, Mapping):
        raise ValidationErrors(
            [DomainError(N_("A line is an object."), code="invalid", field=at.rstrip("."))]
        )
    # texts only: 1, true and 1.0 are equal to Python and no equal lines
    if set(map(type, raw.values())) <= _TEXTS:
        try:
            return _known_line(tuple(raw.items()))
        except ValidationErrors:
            pass  # read again below, where its errors are named by their place
    return _read_line(raw, at)


def _read_line(raw: Mapping[str, Any], at: str) -> TypedLine:
    errors: list[DomainError] = []
    fields = _Fields(raw, at, errors)
    item = _first(raw, "item", "item_id")
    item_id = fields.key(item, "item")
    line_id = fields.key(_first(raw, "id"), "id")
    has_item = item is not None or bool(raw.get("item_code"))
    description = fields.text("description", 500, 0 if has_item else 1)
    quantity = fields.number("quantity", 6, None)
    if quantity <= _ZERO and not any(e.field == f"{at}quantity" for e in errors):
        fields.refuse(N_("The quantity is greater than zero."), "too_small", "quantity")
    price = fields.number("unit_price", 6, _ZERO)
    discount = fields.number("discount_percent", 4, _ZERO, missing=_ZERO)
    if discount > 100:
        fields.refuse(N_("A discount is at most 100 percent."), "too_large", "discount_percent")
    category, rate = fields.tax()
    line = TypedLine(
        id=line_id,
        item_id=item_id,
        item_code=fields.text("item_code", 60) if "item_code" in raw else "",
        description=description,
        description_arabic=fields.text("description_arabic", 500)
        if "description_arabic" in raw
        else "",
        quantity=quantity,
        unit=fields.text("unit", 20) if "unit" in raw else "",
        unit_price=price,
        discount_percent=discount,
        tax_category=category,
        tax_rate=rate,
        tax_code=fields.text("tax_code", 12) if "tax_code" in raw else "",
        tax_follows_code=bool(raw.get("tax_code"))
        and _first(raw, "vat_rate", "tax_rate", "tax_category", "vat_category") is None,
    )
    if errors:
        raise ValidationErrors(errors)
    return line


def parse_lines(
    raw_lines: Any,
    *,
    name: str = "lines",
    read: Callable[[Mapping[str, Any], str], TypedLine] = parse_line,
) -> list[TypedLine]:
    """Read all lines; raises ValidationErrors naming every wrong field, NoLines and TooManyLines.

    `read` reads one line of kinds that type more on it than others.
    """
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
        line = note.take(lambda raw=raw, index=index: read(raw, f"{name}.{index}."), None)  # type: ignore[misc]
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
    read: Callable[[Mapping[str, Any], str], TypedLine] | None = None,
    with_lines: bool = True,
) -> Preview:
    """Compute the totals of the lines as typed, wrong ones left out and named (IF-1). No database.

    `read` reads the lines of a kind that has fields of its own. `with_lines` False: the amounts of single lines are not
    asked for.
    """
    read = read or parse_line
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
        try:
            lines.append(read(raw, f"{name}.{index}."))
        except ValidationErrors as error:
            note.errors.extend(error.errors)
            lines.append(None)

    def compute(typed: Sequence[TypedLine | None]) -> DocumentTotals:
        return compute_totals(
            [line for line in typed if line is not None],
            currency=currency,
            document_discount=document_discount,
            prices_include_tax=prices_include_tax,
            with_lines=with_lines,
        )

    try:
        totals = compute(lines)
    except DomainError:
        lines = [
            _computable(line, f"{name}.{index}", currency, note) for index, line in enumerate(lines)
        ]
        totals = note.take(lambda: compute(lines), compute_totals([], currency=currency))
    return Preview(tuple(lines), totals, tuple(note.errors))


def _computable(
    line: TypedLine | None, at: str, currency: str, note: Collected
) -> TypedLine | None:
    """Return the line, or nothing for one too large for an amount: it is named, the rest is still computed."""
    if line is not None:
        try:
            line_amounts(line, currency)
        except DomainError as error:
            note.errors.append(error.within(at))
            return None
    return line
