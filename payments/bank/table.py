"""CSV statements: columns, encoding, separator, decimal mark and date format are chosen, never guessed. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import N_, DomainError
from core.inputs import parse_decimal
from core.money import ZERO
from payments.bank.statements import (
    EARLIEST_YEAR,
    DoesNotAddUp,
    ParsedEntry,
    ParsedStatement,
    UnreadableStatement,
    one_line,
)

#: What a column can mean. `amount`, or `debit` and `credit`; `balance`, or both balances typed.
FIELDS = {
    "date": N_("Date"),
    "value_date": N_("Value date"),
    "amount": N_("Amount (money out negative)"),
    "debit": N_("Money out"),
    "credit": N_("Money in"),
    "balance": N_("Balance after the line"),
    "description": N_("Text"),
    "reference": N_("Reference"),
    "bank_reference": N_("Bank reference"),
    "party_name": N_("Other party"),
    "party_account": N_("Other account"),
}
DELIMITERS = {",": N_("Comma"), ";": N_("Semicolon"), "\t": N_("Tab"), "|": N_("Vertical bar")}
DECIMAL_MARKS = {".": "1,234.50", ",": "1.234,50"}
DATE_FORMATS = {
    "%Y-%m-%d": "2026-01-31",
    "%d/%m/%Y": "31/01/2026",
    "%m/%d/%Y": "01/31/2026",
    "%d-%m-%Y": "31-01-2026",
    "%d.%m.%Y": "31.01.2026",
    "%Y/%m/%d": "2026/01/31",
    "%d-%b-%Y": "31-Jan-2026",
}
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_PREAMBLE = 30
MOST_ROWS = 100_000
_AMOUNT = {
    ".": re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\Z"),
    ",": re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?\Z"),
}


@dataclass(frozen=True, slots=True)
class CsvRules:
    """How one account's CSV is read. `columns`: field -> heading of the file."""

    delimiter: str = ","
    decimal_mark: str = "."
    date_format: str = "%Y-%m-%d"
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Typed where the file has no column of balances.
    opening: Decimal | None = None
    closing: Decimal | None = None
    account: str = ""
    currency: str = ""


def require_rules(rules: CsvRules) -> None:
    """Raise UnreadableStatement at the setting that is unknown or missing."""
    for name, value, known in (
        ("delimiter", rules.delimiter, DELIMITERS),
        ("decimal_mark", rules.decimal_mark, DECIMAL_MARKS),
        ("date_format", rules.date_format, DATE_FORMATS),
    ):
        if value not in known:
            raise UnreadableStatement(N_("Choose one of the values offered."), field=name)
    unknown = [name for name in rules.columns if name not in FIELDS]
    if unknown:
        raise UnreadableStatement(
            N_("There is no column %(name)s."), field="columns", params={"name": unknown[0]}
        )
    if "date" not in rules.columns:
        raise UnreadableStatement(N_("Choose the column of the date."), field="column_date")
    if "amount" not in rules.columns and not {"debit", "credit"} & set(rules.columns):
        raise UnreadableStatement(
            N_("Choose the column of the amount, or those of money out and in."),
            field="column_amount",
        )
    if "balance" not in rules.columns and (rules.opening is None or rules.closing is None):
        raise UnreadableStatement(
            N_("Without a column of balances, type the opening and the closing balance."),
            field="opening_balance" if rules.opening is None else "closing_balance",
        )


def headings(text: str, delimiter: str) -> list[str]:
    """Return the cells of the first line that has at least three: what the columns are chosen from."""
    for row in _rows(text, delimiter)[:_PREAMBLE]:
        if sum(1 for cell in row if cell.strip()) >= 3:
            return [one_line(cell, 60) for cell in row]
    return []


def first_rows(text: str, delimiter: str, count: int = 8) -> list[list[str]]:
    """Return the first lines of a file in cells, as a picture of what the columns are."""
    return _rows(text[:20_000], delimiter)[:count]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = list(
            csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
        )
    except csv.Error as error:
        raise UnreadableStatement(
            N_("The CSV file cannot be read: %(reason)s."),
            field="file",
            params={"reason": str(error)},
        ) from error
    if len(rows) > MOST_ROWS:
        raise UnreadableStatement(
            N_("The file has more than %(limit)s rows."), field="file", params={"limit": MOST_ROWS}
        )
    return rows


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    entry: ParsedEntry
    balance: Decimal | None


def read_csv(text: str, rules: CsvRules) -> list[ParsedStatement]:
    """Return the one statement of a CSV file. Raises UnreadableStatement, DoesNotAddUp, with the row's number."""
    require_rules(rules)
    table = _rows(text, rules.delimiter)
    start, positions = _find_headings(table, rules)
    rows = [
        _row(row, number, positions, rules)
        for number, row in enumerate(table[start:], start=start + 1)
        if _cell(row, positions, "date")
    ]
    if not rows:
        raise UnreadableStatement(N_("The file has no rows with a date."), field="file")
    ordered = _oldest_first(rows)
    opening, closing = _balances(ordered, rules)
    entries = tuple(row.entry for row in ordered)
    first, last = min(e.date for e in entries), max(e.date for e in entries)
    content = hashlib.sha256(repr((entries, opening, closing)).encode()).hexdigest()[:12]
    return [
        ParsedStatement(
            account=rules.account,
            currency=rules.currency,
            identifier=f"CSV {first} {last} {content}",
            date_from=first,
            date_to=last,
            opening=opening,
            closing=closing,
            entries=entries,
        )
    ]


def _find_headings(table: Sequence[Sequence[str]], rules: CsvRules) -> tuple[int, dict[str, int]]:
    """Return the first row of data and the position of each chosen column; banks write lines above the headings."""
    wanted = dict(rules.columns)
    for number, row in enumerate(table[:_PREAMBLE]):
        cells = [one_line(cell, 60) for cell in row]
        if all(heading in cells for heading in wanted.values()):
            return number + 1, {name: cells.index(heading) for name, heading in wanted.items()}
    known = {one_line(cell, 60) for row in table[:_PREAMBLE] for cell in row}
    name = next((name for name, heading in wanted.items() if heading not in known), "date")
    raise UnreadableStatement(
        N_("The file has no column %(heading)s."),
        field=f"column_{name}",
        params={"heading": wanted[name]},
    )


def _cell(row: Sequence[str], positions: Mapping[str, int], name: str) -> str:
    at = positions.get(name, -1)
    return row[at].strip() if 0 <= at < len(row) else ""


def _row(row: Sequence[str], number: int, positions: Mapping[str, int], rules: CsvRules) -> _Row:
    def text(name: str, limit: int) -> str:
        return one_line(_cell(row, positions, name), limit)

    def money(name: str) -> Decimal | None:
        typed = _cell(row, positions, name)
        return csv_amount(typed, rules.decimal_mark, row=number) if typed else None

    if "amount" in positions:
        amount = money("amount")
    else:
        # banks write money out with or without its sign
        amount = abs(money("credit") or ZERO) - abs(money("debit") or ZERO)
    if amount is None:
        raise UnreadableStatement(
            N_("Row %(row)s has no amount."), field="file", params={"row": number}
        )
    value_date = _cell(row, positions, "value_date")
    return _Row(
        number,
        ParsedEntry(
            date=_date(_cell(row, positions, "date"), rules.date_format, number),
            value_date=_date(value_date, rules.date_format, number) if value_date else None,
            amount=amount,
            bank_reference=text("bank_reference", 120),
            reference=text("reference", 120),
            party_name=text("party_name", 200),
            party_account=text("party_account", 60).replace(" ", ""),
            narrative=text("description", 1000),
        ),
        money("balance"),
    )


def _date(typed: str, date_format: str, row: int) -> dt.date:
    try:
        date = dt.datetime.strptime(  # noqa: DTZ007  # a day has no zone
            typed.translate(_ARABIC_DIGITS).split(" ")[0], date_format
        ).date()
    except ValueError:
        date = dt.date.min
    if not EARLIEST_YEAR <= date.year <= 2100:
        raise UnreadableStatement(
            N_("Row %(row)s: the date %(date)s is not written like %(example)s."),
            field="file",
            params={"row": row, "date": repr(typed[:20]), "example": DATE_FORMATS[date_format]},
        )
    return date


def csv_amount(typed: str, decimal_mark: str, *, row: int) -> Decimal:
    """Return an amount as banks print it: grouped, minus in front or behind, in brackets, CR or DR behind."""
    text = re.sub(r"[\s\u00a0\u202f]", "", typed.translate(_ARABIC_DIGITS)).replace("\u2212", "-")
    text = re.sub(r"^(?:SAR|SR)|(?:SAR|SR)$", "", text)
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    if text[-2:].upper() in ("CR", "DR"):
        negative = text[-2:].upper() == "DR"
        text = text[:-2]
    if text[:1] in "+-" or text[-1:] == "-":
        negative = negative != ("-" in text)
        text = text.strip("+-")
    if not _AMOUNT[decimal_mark].match(text):
        raise UnreadableStatement(
            N_("Row %(row)s: the amount %(amount)s cannot be read."),
            field="file",
            params={"row": row, "amount": repr(typed[:30])},
        )
    plain = text.replace("," if decimal_mark == "." else ".", "").replace(",", ".")
    try:
        amount = parse_decimal(plain, field="file")
    except DomainError:
        raise UnreadableStatement(
            N_("Row %(row)s: the amount %(amount)s cannot be read."),
            field="file",
            params={"row": row, "amount": repr(typed[:30])},
        ) from None
    return -amount if negative else amount


def _oldest_first(rows: list[_Row]) -> list[_Row]:
    """Return the rows in time; files with the newest first are turned, told by dates, else by the balances."""
    if rows[0].entry.date != rows[-1].entry.date:
        return rows if rows[0].entry.date < rows[-1].entry.date else rows[::-1]
    return rows if _breaks(rows) is None or _breaks(rows[::-1]) is not None else rows[::-1]


def _breaks(rows: Sequence[_Row]) -> _Row | None:
    """Return the first row whose balance is not the one before it plus its amount."""
    before: Decimal | None = None
    for row in rows:
        if (
            before is not None
            and row.balance is not None
            and before + row.entry.amount != row.balance
        ):
            return row
        before = row.balance if row.balance is not None else None
    return None


def _balances(rows: Sequence[_Row], rules: CsvRules) -> tuple[Decimal, Decimal]:
    if "balance" not in rules.columns:
        assert rules.opening is not None  # require_rules
        assert rules.closing is not None
        return rules.opening, rules.closing
    broken = _breaks(rows)
    if broken is not None:
        raise DoesNotAddUp(
            N_("Row %(row)s: the balance %(balance)s is not the one before it plus %(amount)s."),
            field="file",
            params={
                "row": broken.number,
                "balance": broken.balance,
                "amount": broken.entry.amount,
            },
        )
    first, last = rows[0], rows[-1]
    if first.balance is None or last.balance is None:
        raise UnreadableStatement(
            N_("The first and the last row need a balance."), field="column_balance"
        )
    return first.balance - first.entry.amount, last.balance
