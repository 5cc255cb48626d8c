"""One row of a file is one bill, or one supplier credit where the amount is negative. Pure: no database."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text, parse_date, parse_decimal
from core.money import is_rounded
from documents.readers import FORMULA, headings_of, table_rows
from documents.typed import Collected

EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class BillLayout:
    """Which heading holds what. `source` marks what was imported from it, so that it is imported once."""

    key: str
    source: str
    columns: Mapping[str, str]


#: Fields of a row; those in NEEDED must have a column.
NEEDED = ("supplier", "date", "number", "amount")
LAYOUTS = {
    "general": BillLayout(
        "general",
        "file",
        {
            "supplier": "supplier",
            "supplier_name": "supplier_name",
            "date": "date",
            "due_date": "due_date",
            "number": "number",
            "amount": "amount",
            "description": "description",
        },
    ),
    "vendors": BillLayout(
        "vendors",
        "vendors",
        {
            "supplier": "VendorNum",
            "date": "Date",
            "number": "InvoiceNumber",
            "amount": "Amount",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class BillRow:
    """A checked row. `amount` is the total of the paper, negative for a credit; `key` names the row for ever."""

    row: int
    supplier: str
    supplier_name: str
    date: dt.date
    due_date: dt.date | None
    number: str
    amount: Decimal
    description: str
    key: str


@dataclass(frozen=True, slots=True)
class BillProblem:
    """What is wrong with a row, or only worth a look (`is_warning`: it was imported all the same)."""

    row: int
    number: str
    field: str
    value: str
    error: DomainError
    is_warning: bool = False


class MissingColumns(DomainError):
    """The file has no column for something every bill needs."""

    code = "missing_columns"


class RefusedRow(DomainError):
    """The row cannot be imported."""

    code = "refused_row"


def column_positions(
    layout: BillLayout, headings: Sequence[str], mapping: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return the position of each field. `mapping` (field -> heading) overrides the layout. Raises MissingColumns."""
    wanted = {**layout.columns, **{k: v for k, v in (mapping or {}).items() if v}}
    known = {heading.casefold(): index for index, heading in enumerate(headings)}
    found = {
        field: known[heading.casefold()]
        for field, heading in wanted.items()
        if heading.casefold() in known
    }
    missing = [wanted.get(field, field) for field in NEEDED if field not in found]
    if missing:
        raise MissingColumns(
            N_("These columns are missing: %(columns)s."),
            field="file",
            params={"columns": ", ".join(missing)},
        )
    return found


def read_rows(
    plain: Path, layout: BillLayout, currency: str, mapping: Mapping[str, str] | None = None
) -> Iterator[BillRow | list[BillProblem]]:
    """Yield each row of the file, or what is wrong with it. Raises UnreadableFile, MissingColumns."""
    positions = column_positions(layout, headings_of(plain), mapping)
    seen: Counter[str] = Counter()
    rows = table_rows(plain)
    next(rows, None)
    for line, cells in rows:
        values = {
            field: cells[position].strip() if position < len(cells) else ""
            for field, position in positions.items()
        }
        if not any(values.values()):
            continue
        yield _row(line, values, layout.source, currency, seen)


def _row(
    line: int, values: dict[str, str], source: str, currency: str, seen: Counter[str]
) -> BillRow | list[BillProblem]:
    note = Collected()
    if FORMULA in values.values():
        note.errors.append(RefusedRow(N_("Formulas are refused."), field="row"))

    def text(name: str, maximum: int, minimum: int = 0) -> str:
        return note.take(
            lambda: clean_text(
                values.get(name, ""), field=name, min_length=minimum, max_length=maximum
            ),
            "",
        )

    supplier = text("supplier", 40, 1)
    number, name = text("number", 60), text("supplier_name", 200)
    date = note.take(
        lambda: parse_date(values["date"], field="date", earliest=EARLIEST_YEAR), dt.date.min
    )
    due = values.get("due_date", "")
    due_date = note.take(
        lambda: parse_date(due, field="due_date", earliest=EARLIEST_YEAR) if due else None, None
    )
    if due_date is not None and due_date < date:
        note.errors.append(RefusedRow(N_("The due date is not before the date."), field="due_date"))
    amount = note.take(lambda: _amount(values["amount"], currency), Decimal(0))
    description = text("description", 500)
    try:
        note.done()
    except ValidationErrors as error:
        return [
            BillProblem(
                line,
                values.get("number", ""),
                one.field or "",
                values.get(one.field or "", ""),
                one,
            )
            for one in error.errors
        ]
    named = f"{supplier}|{number}|{date}|{amount}"
    seen[named] += 1
    # the same row twice in one file is two bills; the same file twice is not
    digest = hashlib.blake2b(f"{named}|{seen[named]}".encode(), digest_size=16).hexdigest()
    return BillRow(
        line, supplier, name, date, due_date, number, amount, description, f"{source}:{digest}"
    )


def _amount(value: str, currency: str) -> Decimal:
    amount = parse_decimal(value, field="amount", max_digits=19, places=4)
    if not is_rounded(amount, currency):
        raise RefusedRow(N_("The amount has more digits than the currency."), field="amount")
    return amount
