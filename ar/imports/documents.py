"""From rows to checked documents: each row ends in a document or in the list of refused rows. Pure.

Two passes over the file: the first counts each document's rows and collects items and customers, the second yields a
document as soon as its last row is read. Memory holds an index of documents and the open documents, never all lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ar.imports.amounts import LineAmounts
from ar.imports.columns import EARLIEST_YEAR, Columns, RefusedRow
from ar.imports.countries import country_code
from core.errors import N_, DomainError
from documents.readers import FORMULA, table_rows

MAX_DOCUMENT_LINES = 10_000


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was not imported; `row` is its line number in the file, `field` what the column means."""

    row: int
    number: str
    field: str
    value: str
    error: DomainError


@dataclass(slots=True)
class DocumentMark:
    """What the first pass knows of a document."""

    rows: int = 0
    chosen: bool = True


@dataclass(slots=True)
class FileIndex:
    """The first pass: documents by number, items by code, customers by code, in order of appearance."""

    documents: dict[str, DocumentMark] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    customers: dict[str, tuple[str, str]] = field(default_factory=dict)
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    rows: int = 0
    chosen_rows: int = 0
    chosen_documents: int = 0


@dataclass(slots=True)
class ImportDocument:
    """A checked document. Lines: (item code, description, amounts, (VAT category, rate))."""

    number: str
    moment: dt.datetime
    customer_code: str = ""
    is_credit: bool = False
    rows: list[int] = field(default_factory=list)
    lines: list[tuple[str, str, LineAmounts, tuple[str, int]]] = field(default_factory=list)


@dataclass(slots=True)
class RefusedDocument:
    """A document with at least one bad row; `problems` has one entry for each of its rows."""

    number: str
    problems: list[RowProblem]


def scan(plain: Path, columns: Columns) -> FileIndex:
    """Read the file once: how many rows each document has, which are chosen, which items and customers they need."""
    index = FileIndex()
    documents, items = index.documents, index.items
    rules = columns.rules
    rows = table_rows(plain)
    next(rows, None)
    number_at, item_at = columns.at["number"], columns.at.get("item_code", -1)
    text_at = columns.at.get("description", -1)
    last, mark = None, DocumentMark()
    for _, row in rows:
        index.rows += 1
        if len(row) <= number_at:
            continue
        number = row[number_at]
        if number != last:
            last = number
            known = documents.get(number)
            if known is None:
                moment = columns.moment(columns.cell(row, "date"))
                day = moment.date() if moment else None
                mark = documents[number] = DocumentMark(chosen=rules.includes(day))
                if mark.chosen:
                    index.chosen_documents += 1
                    _note_day(index, day)
                    _note_customer(index, columns, row)
            else:
                mark = known
        mark.rows += 1
        if mark.chosen:
            index.chosen_rows += 1
            if 0 <= item_at < len(row):
                code = row[item_at]
                if not items.get(code):
                    items[code] = row[text_at] if 0 <= text_at < len(row) else ""
    index.items = {
        code.strip(): name.strip()
        for code, name in sorted(items.items(), key=lambda pair: bool(pair[1].strip()))
        if code.strip()
    }
    return index


def _note_day(index: FileIndex, day: dt.date | None) -> None:
    if day is not None:
        index.first_day = min(index.first_day or day, day)
        index.last_day = max(index.last_day or day, day)


def _note_customer(index: FileIndex, columns: Columns, row: list[str]) -> None:
    code = columns.cell(row, "customer_code").strip()
    name = columns.cell(row, "customer_name").strip()
    key = code or name[:40].strip()
    if key and key not in index.customers:
        index.customers[key] = (name, country_code(columns.cell(row, "country").strip()))


def read_documents(
    plain: Path, columns: Columns, index: FileIndex
) -> Iterator[ImportDocument | RefusedDocument]:
    """Yield every chosen document, whole, in the order their last rows come."""
    open_documents: dict[str, _Collected] = {}
    rows = table_rows(plain)
    next(rows, None)
    number_at = columns.at["number"]
    last, current, mark = None, None, None
    for line, row in rows:
        number = row[number_at] if len(row) > number_at else ""
        if number != last or current is None:
            last = number
            mark = index.documents.get(number)
            if mark is None:  # a row too short to name its document
                yield RefusedDocument("", [_problem(line, "", row, columns, _no_number())])
                current = None
                continue
            if mark.chosen:
                current = open_documents.get(number)
                if current is None:
                    current = open_documents[number] = _Collected(number, columns, row)
            else:
                current = None
        if current is None or mark is None:
            continue
        current.add(line, row, index)
        if len(current.document.rows) == mark.rows:
            del open_documents[number]
            yield current.finish()
            last, current = None, None


def _no_number() -> DomainError:
    return RefusedRow(N_("The row has no document number."), code="required", field="number")


def _problem(
    line: int, number: str, row: list[str], columns: Columns, error: DomainError
) -> RowProblem:
    name = error.field or ""
    value = columns.cell(row, name)
    if value == FORMULA:
        value = ""
        error = RefusedRow(N_("Formulas are refused: paste values."), code="formula", field=name)
    return RowProblem(line, number, name, value[:120], error)


class _Collected:
    """A document while its rows come in."""

    def __init__(self, number: str, columns: Columns, row: list[str]) -> None:
        self.columns = columns
        moment = columns.moment(columns.cell(row, "date"))
        self.has_date = moment is not None
        code = columns.cell(row, "customer_code").strip()
        self.raw_customer = code
        self.document = ImportDocument(
            number=number.strip(),
            moment=moment or dt.datetime(EARLIEST_YEAR, 1, 1),  # noqa: DTZ001  # refused in finish
            customer_code=code or columns.cell(row, "customer_name").strip()[:40].strip(),
        )
        self.problems: list[RowProblem] = []
        self.net = 0
        self.signs: set[int] = set()

    def add(self, line: int, row: list[str], index: FileIndex) -> None:
        """Check one row and add its line."""
        document = self.document
        document.rows.append(line)
        try:
            document.lines.append(self._line(row, index))
        except DomainError as error:
            self.problems.append(_problem(line, document.number, row, self.columns, error))

    def _line(
        self, row: list[str], index: FileIndex
    ) -> tuple[str, str, LineAmounts, tuple[str, int]]:
        columns = self.columns
        if not self.has_date:
            raise RefusedRow(N_("Write the date as YYYY-MM-DD."), code="wrong_date", field="date")
        customer, quantity, price, percent, item, text, rate = columns.line_cells(row)
        if customer.strip() != self.raw_customer:
            raise RefusedRow(
                N_("The rows of one document name different customers."),
                code="mixed_customers",
                field="customer_code",
            )
        amounts = columns.amounts.line(quantity, price, percent)
        code = columns.text(item, "item_code", 60)
        description = columns.text(text, "description", 500)
        if not description:
            description = columns.text(index.items.get(code) or code, "description", 500, minimum=1)
        if amounts.net:
            self.net += amounts.sign * amounts.net
            self.signs.add(amounts.sign)
        return code, description, amounts, columns.tax_key(rate)

    def finish(self) -> ImportDocument | RefusedDocument:
        """Return the document, turned into a credit note when it lowers, or its rows with their reasons."""
        document = self.document
        whole = self._whole_problem()
        if whole is None and not self.problems:
            return document
        known = {problem.row: problem for problem in self.problems}
        reason = whole or RefusedRow(
            N_("Another row of this document was refused."), code="document_refused", field="number"
        )
        return RefusedDocument(
            document.number,
            [
                known.get(row) or RowProblem(row, document.number, reason.field or "", "", reason)
                for row in document.rows
            ],
        )

    def _whole_problem(self) -> DomainError | None:
        document = self.document
        try:
            self.columns.text(document.number, "number", 60, minimum=1)
            self.columns.text(document.customer_code, "customer_code", 40)
        except DomainError as error:
            return error
        if len(document.rows) > MAX_DOCUMENT_LINES:
            return RefusedRow(
                N_("A document has at most 10,000 lines."), code="too_many_lines", field="number"
            )
        lowering = [amounts.sign < 0 for _, _, amounts, _ in document.lines]
        document.is_credit = self.net < 0 or (self.net == 0 and bool(lowering) and all(lowering))
        free_and_lowering = any(
            amounts.sign < 0 and not amounts.net for _, _, amounts, _ in document.lines
        )
        if len(self.signs) > 1 or (free_and_lowering and not document.is_credit):
            return RefusedRow(
                N_("The document mixes sold and returned lines: split it."),
                code="mixed_signs",
                field="quantity",
            )
        return None
