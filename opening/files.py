"""What the files of opening balances hold, and their rows checked one by one. Pure but for the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal
from core.money import ZERO, minor_digits
from documents.readers import FORMULA, table_rows
from ledger.file_columns import FileField, RowRefused
from ledger.typed import parse_currency

EARLIEST = 1990
MAX_ROWS = 20_000

_NUMBER = FileField(
    "number",
    N_("Document number"),
    (
        "invoiceno",
        "invoicenumber",
        "documentno",
        "invoice",
        "bill",
        "billnumber",
        "رقمالفاتورة",
        "رقمالمستند",
    ),
    True,
)
_DATE = FileField(
    "date",
    N_("Date"),
    ("invoicedate", "documentdate", "billdate", "التاريخ", "تاريخالفاتورة"),
    True,
)
_DUE = FileField("due", N_("Due date"), ("duedate", "تاريخالاستحقاق", "الاستحقاق"))
_CURRENCY = FileField("currency", N_("Currency"), ("cur", "ccy", "العملة"))
_OPEN = FileField(
    "amount",
    N_("Open amount"),
    ("openamount", "open", "balance", "outstanding", "المبلغ", "المتبقي", "الرصيد"),
    True,
)
_RATE = FileField("rate", N_("Exchange rate"), ("exchangerate", "سعرالصرف"))
_PARTY_NAME = ("اسمالعميل", "اسمالمورد", "الاسم")

FIELDS: dict[str, tuple[FileField, ...]] = {
    "customers": (
        FileField(
            "party",
            N_("Customer"),
            (
                "customer",
                "customercode",
                "customerid",
                "customerno",
                "customername",
                "client",
                "رقمالعميل",
                "رمزالعميل",
                "العميل",
            ),
            True,
        ),
        FileField("party_name", N_("Customer's name"), ("name", *_PARTY_NAME)),
        _NUMBER,
        _DATE,
        _DUE,
        _CURRENCY,
        _OPEN,
        _RATE,
    ),
    "suppliers": (
        FileField(
            "party",
            N_("Supplier"),
            (
                "supplier",
                "suppliercode",
                "vendor",
                "vendorcode",
                "suppliername",
                "رقمالمورد",
                "رمزالمورد",
                "المورد",
            ),
            True,
        ),
        FileField("party_name", N_("Supplier's name"), ("name", *_PARTY_NAME)),
        _NUMBER,
        _DATE,
        _DUE,
        _CURRENCY,
        _OPEN,
        _RATE,
    ),
    "accounts": (
        FileField(
            "account",
            N_("Account"),
            ("accountcode", "code", "accountname", "الحساب", "رقمالحساب", "رمزالحساب"),
            True,
        ),
        FileField("debit", N_("Debit"), ("dr", "debitbalance", "مدين")),
        FileField("credit", N_("Credit"), ("cr", "creditbalance", "دائن")),
        FileField("balance", N_("Balance, debit positive"), ("amount", "closingbalance", "الرصيد")),
        _CURRENCY,
        FileField(
            "amount_currency", N_("Balance in its currency"), ("foreignbalance", "الرصيدبالعملة")
        ),
    ),
}
ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "accounts": (("balance", "debit", "credit"),),
}


class RowProblem(DomainError):
    """A row of the file cannot be taken."""

    code = "row_refused"


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One open document of the old system. `rate` None: that of the go-live date."""

    row: int
    party: str
    party_name: str
    number: str
    date: dt.date
    due: dt.date
    currency: str
    amount: Decimal
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """One account of the old trial balance; `balance` in base currency, debit positive."""

    row: int
    account: str
    balance: Decimal
    currency: str
    amount_currency: Decimal


@dataclass(slots=True)
class OpeningReader:
    """Reads the rows of a step by the positions of their columns."""

    plain: Path
    positions: Mapping[str, int]
    base: str
    go_live: dt.date

    def _cell(self, cells: list[str], name: str) -> str:
        at = self.positions.get(name)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        rows = table_rows(self.plain)
        next(rows, None)  # the headings
        for count, (number, cells) in enumerate(rows, start=1):
            if count > MAX_ROWS:
                raise RowProblem(
                    N_("A file of opening balances has at most %(limit)s rows."),
                    field="file",
                    params={"limit": MAX_ROWS},
                )
            yield number, cells

    def documents(self) -> Iterator[OpenDocument | RowRefused]:
        """Yield each open document, or why its row is refused."""
        for number, cells in self._rows():
            try:
                yield self._document(number, cells)
            except DomainError as error:
                yield RowRefused(number, self._cell(cells, "number"), error)

    def _document(self, row: int, cells: list[str]) -> OpenDocument:
        if FORMULA in cells:
            raise RowProblem(N_("The row holds a formula; save the values."))
        currency = parse_currency(self._cell(cells, "currency") or self.base)
        date = parse_date(self._cell(cells, "date")[:10], field="date", earliest=EARLIEST)
        if date > self.go_live:
            raise RowProblem(
                N_("The document is dated after the go-live date; enter it as a document."),
                field="date",
            )
        due = self._cell(cells, "due")[:10]
        digits = minor_digits(currency)
        rate = self._cell(cells, "rate")
        if rate and currency == self.base and rate.rstrip("0").rstrip(".") != "1":
            raise RowProblem(N_("The base currency has no rate but 1."), field="rate")
        return OpenDocument(
            row=row,
            party=clean_text(
                self._cell(cells, "party"), field="party", min_length=1, max_length=200
            ),
            party_name=clean_text(
                self._cell(cells, "party_name"), field="party_name", max_length=200
            ),
            number=clean_text(
                self._cell(cells, "number"), field="number", min_length=1, max_length=60
            ),
            date=date,
            due=parse_date(due, field="due", earliest=EARLIEST) if due else date,
            currency=currency,
            amount=parse_decimal(
                self._cell(cells, "amount").replace(",", ""),
                field="amount",
                max_digits=15 + digits,
                places=digits,
                above=ZERO,
            ),
            rate=parse_decimal(rate, field="rate", max_digits=18, places=8, above=ZERO)
            if rate
            else None,
        )

    def balances(self) -> Iterator[OpenBalance | RowRefused]:
        """Yield each account of the trial balance, or why its row is refused; accounts of nothing are left out."""
        for number, cells in self._rows():
            try:
                balance = self._balance(number, cells)
            except DomainError as error:
                yield RowRefused(number, self._cell(cells, "account"), error)
            else:
                if balance.balance:
                    yield balance

    def _amount(self, cells: list[str], name: str, currency: str, *, signed: bool) -> Decimal:
        text = self._cell(cells, name).replace(",", "")
        if not text:
            return ZERO
        digits = minor_digits(currency)
        return parse_decimal(
            text,
            field=name,
            max_digits=15 + digits,
            places=digits,
            minimum=None if signed else ZERO,
        )

    def _balance(self, row: int, cells: list[str]) -> OpenBalance:
        if FORMULA in cells:
            raise RowProblem(N_("The row holds a formula; save the values."))
        currency = parse_currency(self._cell(cells, "currency") or self.base)
        debit = self._amount(cells, "debit", self.base, signed=False)
        credit = self._amount(cells, "credit", self.base, signed=False)
        balance = self._amount(cells, "balance", self.base, signed=True) + debit - credit
        foreign = self._amount(cells, "amount_currency", currency, signed=True)
        if currency == self.base:
            foreign = balance
        elif not foreign and balance:
            raise RowProblem(
                N_("Enter the balance in %(currency)s too."),
                field="amount_currency",
                params={"currency": currency},
            )
        return OpenBalance(
            row=row,
            account=clean_text(
                self._cell(cells, "account"), field="account", min_length=1, max_length=200
            ),
            balance=balance,
            currency=currency,
            amount_currency=foreign,
        )
