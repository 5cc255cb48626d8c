"""The cells of an import file by meaning: each distinct text is read once. Pure, no database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from operator import itemgetter

from ar.imports.amounts import AmountReader
from core.errors import N_, DomainError
from core.inputs import clean_text

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.0+)?)?\Z"
)
_RATES = {
    "15": 15,
    "15.0": 15,
    "15.00": 15,
    "5": 5,
    "5.0": 5,
    "5.00": 5,
    "0": 0,
    "0.0": 0,
    "0.00": 0,
}


class RefusedRow(DomainError):
    """A row that cannot become a line of a document."""

    code = "refused_row"


@dataclass(frozen=True, slots=True)
class ImportRules:
    """What the user chose. `rate` is the VAT percent of lines without a rate of their own."""

    currency: str
    rate: int = 15
    first_day: dt.date | None = None
    last_day: dt.date | None = None

    def includes(self, day: dt.date | None) -> bool:
        """Return whether documents of the day are chosen; one without a readable date is, so that it is listed."""
        if day is None:
            return True
        return (self.first_day is None or day >= self.first_day) and (
            self.last_day is None or day <= self.last_day
        )


#: What each row is read for, in this order.
_LINE_FIELDS = (
    "customer_code",
    "quantity",
    "unit_price",
    "discount_percent",
    "item_code",
    "description",
    "tax_rate",
)


class Columns:
    """Reads cells by meaning, each distinct text once."""

    def __init__(self, positions: dict[str, int], rules: ImportRules) -> None:
        self.at = positions
        self.rules = rules
        self.amounts = AmountReader(rules.currency)
        self._longest = max(positions.values())
        self._line_cells = itemgetter(*(positions.get(name, -1) for name in _LINE_FIELDS))
        self._moments: dict[str, dt.datetime | None] = {}
        self._texts: dict[tuple[str, str, int], str] = {}
        self._taxes: dict[str, tuple[str, int]] = {}

    def line_cells(self, row: list[str]) -> tuple[str, ...]:
        """Return the texts of _LINE_FIELDS at once; nothing for what the row or the file has not."""
        if len(row) <= self._longest:
            row += [""] * (self._longest + 1 - len(row))
        row.append("")  # what a field without a column reads
        cells: tuple[str, ...] = self._line_cells(row)
        row.pop()
        return cells

    def cell(self, row: list[str], name: str) -> str:
        """Return the text of a field; nothing when the row is shorter or the file has no such column."""
        position = self.at.get(name)
        return "" if position is None or position >= len(row) else row[position]

    def moment(self, text: str) -> dt.datetime | None:
        """Return date and time, or None for anything but YYYY-MM-DD with an optional time."""
        if text not in self._moments:
            if len(self._moments) > 100_000:
                self._moments.clear()
            self._moments[text] = _moment(text)
        return self._moments[text]

    def text(self, value: str, name: str, maximum: int, minimum: int = 0) -> str:
        """Return a cleaned text; raises DomainError at the field."""
        key = (name, value, minimum)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > 200_000:
                self._texts.clear()
            found = clean_text(value, field=name, max_length=maximum, min_length=minimum)
            self._texts[key] = found
        return found

    def tax_key(self, typed: str) -> tuple[str, int]:
        """Return (VAT category, rate) of a typed rate; raises RefusedRow."""
        found = self._taxes.get(typed)
        if found is None:
            found = self._tax_key(typed)
            if len(self._taxes) < 1000:
                self._taxes[typed] = found
        return found

    def _tax_key(self, typed: str) -> tuple[str, int]:
        text = typed.strip().removesuffix("%").strip()
        if not text:
            rate = self.rules.rate
        elif text in _RATES:
            rate = _RATES[text]
        else:
            raise RefusedRow(
                N_("The VAT rate is 0, 5 or 15."), code="unknown_tax_rate", field="tax_rate"
            )
        return ("S" if rate else "Z", rate)


def _moment(text: str) -> dt.datetime | None:
    match = _MOMENT.match(text.strip())
    if match is None:
        return None
    try:
        day = dt.date.fromisoformat(match[1])
        time = dt.time.fromisoformat(match[2]) if match[2] else dt.time()
    except ValueError:
        return None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None
    return dt.datetime.combine(day, time)  # the company's local time; the writer adds its zone
