"""Transactions of a file of journals: rows grouped by their number, each checked. Pure but for the file.

Two passes: the first counts the rows of each transaction, so that the second may forget each as soon as it is whole;
memory holds what is open between its first and last row, however long the file is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal
from core.money import ZERO, minor_digits
from documents.readers import FORMULA, table_rows
from ledger.file_columns import FileField, RowRefused
from ledger.typed import parse_currency

EARLIEST = 1970

FIELDS = (
    FileField(
        "txn",
        N_("Transaction"),
        ("transaction", "journal", "entry", "voucher", "jv", "id", "رقمالقيد", "القيد"),
        True,
    ),
    FileField("date", N_("Date"), ("postingdate", "transactiondate", "day", "التاريخ"), True),
    FileField(
        "account",
        N_("Account"),
        ("accountcode", "accountname", "glaccount", "الحساب", "رقمالحساب"),
        True,
    ),
    FileField(
        "description",
        N_("Description"),
        ("text", "memo", "details", "narration", "البيان", "الوصف"),
    ),
    FileField("currency", N_("Currency"), ("cur", "ccy", "العملة")),
    FileField("amount", N_("Amount, debit positive"), ("value", "المبلغ")),
    FileField("debit", N_("Debit"), ("dr", "debitamount", "مدين")),
    FileField("credit", N_("Credit"), ("cr", "creditamount", "دائن")),
)
ONE_OF = (("amount", "debit", "credit"),)


class RowProblem(DomainError):
    """A row of the file cannot be read."""

    code = "row_refused"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One side of a transaction as read."""

    row: int
    date: dt.date
    account: str
    currency: str
    amount: Decimal
    description: str


@dataclass(slots=True)
class Transaction:
    """All rows of a number; `refused` holds what is wrong with them."""

    key: str
    rows: list[FileRow] = field(default_factory=list)
    refused: list[RowRefused] = field(default_factory=list)


@dataclass(slots=True)
class FileIndex:
    """What the first pass found."""

    rows: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def row_count(self) -> int:
        return self.rows.total()


class Reader:
    """Reads rows by the positions of their columns. `base`: the company's currency, for rows that name none."""

    def __init__(self, plain: Path, positions: Mapping[str, int], base: str) -> None:
        self.plain, self.positions, self.base = plain, positions, base

    def _cell(self, cells: list[str], name: str) -> str:
        at = self.positions.get(name)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        rows = table_rows(self.plain)
        next(rows, None)  # the headings
        return rows

    def scan(self) -> FileIndex:
        """Count the rows of each transaction, the accounts, and the days between which they lie."""
        index = FileIndex()
        for _, cells in self._rows():
            index.rows[self._cell(cells, "txn")] += 1
            if account := self._cell(cells, "account"):
                index.accounts[account[:200]] += 1
            try:
                day = parse_date(self._cell(cells, "date")[:10], field="date", earliest=EARLIEST)
            except DomainError:
                continue
            index.first = min(index.first or day, day)
            index.last = max(index.last or day, day)
        return index

    def transactions(self, index: FileIndex) -> Iterator[Transaction]:
        """Yield each transaction when its last row was read."""
        left = Counter(index.rows)
        opened: dict[str, Transaction] = {}
        for number, cells in self._rows():
            key = self._cell(cells, "txn")
            transaction = opened.setdefault(key, Transaction(key))
            try:
                transaction.rows.append(self._row(number, cells))
            except DomainError as error:
                transaction.refused.append(RowRefused(number, key, error))
            left[key] -= 1
            if left[key] == 0:
                del opened[key]
                self._check(transaction, number)
                yield transaction

    def _row(self, number: int, cells: list[str]) -> FileRow:
        if FORMULA in cells:
            raise RowProblem(N_("The row holds a formula; save the values."))
        currency = self._cell(cells, "currency") or self.base
        return FileRow(
            row=number,
            date=parse_date(self._cell(cells, "date")[:10], field="date", earliest=EARLIEST),
            account=clean_text(
                self._cell(cells, "account"), field="account", min_length=1, max_length=200
            ),
            currency=parse_currency(currency),
            amount=self._amount(cells, currency),
            description=clean_text(
                self._cell(cells, "description")[:300], field="description", max_length=300
            ),
        )

    def _amount(self, cells: list[str], currency: str) -> Decimal:
        digits = minor_digits(currency)

        def read(name: str, minimum: Decimal | None) -> Decimal:
            text = self._cell(cells, name).replace(",", "")
            if not text:
                return ZERO
            return parse_decimal(
                text, field=name, max_digits=15 + digits, places=digits, minimum=minimum
            )

        amount = read("amount", None) if "amount" in self.positions else ZERO
        debit, credit = read("debit", ZERO), read("credit", ZERO)
        if sum(map(bool, (amount, debit, credit))) != 1:
            raise RowProblem(N_("A row has one amount, and it is not zero."), field="amount")
        return amount + debit - credit

    @staticmethod
    def _check(transaction: Transaction, number: int) -> None:
        """Note what is wrong with a transaction as a whole."""
        rows, key = transaction.rows, transaction.key
        error: DomainError | None = None
        if not key:
            error = RowProblem(N_("The row names no transaction."), field="txn")
        elif transaction.refused:
            return
        elif len(rows) < 2:
            error = RowProblem(N_("A journal entry has at least two lines."), field="txn")
        elif len({row.date for row in rows}) > 1:
            error = RowProblem(N_("The rows of a transaction have one date."), field="date")
        elif len({row.currency for row in rows}) > 1:
            error = RowProblem(N_("The rows of a transaction have one currency."), field="currency")
        elif difference := sum((row.amount for row in rows), ZERO):
            error = RowProblem(
                N_("The transaction does not balance: %(difference)s is missing."),
                code="journal_unbalanced",
                field="amount",
                params={"difference": f"{abs(difference):f}"},
            )
        if error is not None:
            where = rows[-1].row if rows else number
            transaction.refused.append(RowRefused(where, key, error))
