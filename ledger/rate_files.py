"""Files of exchange rates: the European Central Bank's history and rates per US dollar. Pure: no database.

Both quote foreign units for one unit of their own currency; the company wants base units for one foreign unit, so each
rate is a cross: base units per quote unit / foreign units per quote unit, rounded half up to 8 digits.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from core.errors import N_, DomainError

#: Official pegs to the US dollar of currencies that the European Central Bank does not quote.
PEGS: Final[dict[str, Decimal]] = {
    "SAR": Decimal("3.75"),
    "AED": Decimal("3.6725"),
    "QAR": Decimal("3.64"),
    "BHD": Decimal("0.376"),
}
LARGEST_TEXT = 64 * 1024 * 1024
PLACES = Decimal("0.00000001")
_NONE = frozenset({"", "N/A", "-"})
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?\Z")


class RateFileError(DomainError):
    """The file is no file of rates that is known here; the message names the row."""

    code = "rate_file"


@dataclass(frozen=True, slots=True)
class RateRow:
    """Base units for one unit of `currency` on a day."""

    date: dt.date
    currency: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Quotes:
    """What a file says of one day: units of each currency for one unit of `unit`."""

    date: dt.date
    unit: str
    values: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class RateFile:
    """A recognised file. `source` names its origin as the rates are stored with."""

    layout: str
    source: str
    text: str


def open_rate_file(content: bytes) -> RateFile:
    """Recognise a file of rates, plain or packed (gzip, zip). Raises RateFileError."""
    text = _unpacked(content).removeprefix("\ufeff")
    header = [cell.strip() for cell in text.split("\n", 1)[0].split(",")]
    if header[:3] == ["Date", "From", "To"] and "EndOfDay" in header:
        return RateFile("usd_daily", "AdventureWorks sample, USD, end of day", text)
    if header[0] == "Date" and sum(bool(_CURRENCY.match(cell)) for cell in header[1:]) >= 2:
        return RateFile("ecb", "European Central Bank", text)
    raise RateFileError(
        N_(
            "These are no rates: expected the European Central Bank's table (Date, USD, JPY, ...) "
            "or Date, From, To, Average, EndOfDay."
        ),
        field="file",
    )


def _unpacked(content: bytes) -> str:
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as file:
                content = file.read(LARGEST_TEXT + 1)
        elif content[:4] == b"PK\x03\x04":
            archive = zipfile.ZipFile(io.BytesIO(content))
            with archive, archive.open(archive.infolist()[0]) as member:
                content = member.read(LARGEST_TEXT + 1)
        if len(content) > LARGEST_TEXT:
            raise RateFileError(N_("The file is too large."), field="file")
        return content.decode("utf-8")
    except (OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError, IndexError):
        raise RateFileError(N_("The file cannot be read."), field="file") from None


def quotes_of(file: RateFile) -> Iterator[Quotes]:
    """Yield what the file says of each day, in its order. Raises RateFileError naming the row."""
    return _ecb(file.text) if file.layout == "ecb" else _usd(file.text)


def rates_of(
    file: RateFile,
    *,
    base_currency: str,
    currencies: Collection[str] = (),
    since: dt.date | None = None,
) -> Iterator[RateRow]:
    """Yield the company's rates: all currencies of the file, or the named ones. Raises RateFileError."""
    for quotes in quotes_of(file):
        if since is not None and quotes.date < since:
            continue
        base = _base_per_unit(quotes, base_currency)
        for currency, units in {quotes.unit: Decimal(1), **quotes.values}.items():
            if currency != base_currency and (not currencies or currency in currencies):
                rate = (base / units).quantize(PLACES, ROUND_HALF_UP)
                if rate > 0:
                    yield RateRow(quotes.date, currency, rate)


def source_of(file: RateFile, base_currency: str) -> str:
    """Return the source to store with the rates: whose table, and the peg when it is crossed by one."""
    quoted = base_currency == "EUR" or f",{base_currency}" in file.text.split("\n", 1)[0]
    if file.layout == "ecb" and not quoted and base_currency in PEGS:
        return f"{file.source}; {base_currency} {PEGS[base_currency]} per USD"
    return file.source


def _base_per_unit(quotes: Quotes, base_currency: str) -> Decimal:
    """Return base units for one quote unit: quoted itself, or by the peg to the US dollar."""
    if quotes.unit == base_currency:
        return Decimal(1)
    if base_currency in quotes.values:
        return quotes.values[base_currency]
    dollars = Decimal(1) if quotes.unit == "USD" else quotes.values.get("USD")
    if base_currency in PEGS and dollars is not None:
        return dollars * PEGS[base_currency]
    raise RateFileError(
        N_("The file does not quote %(currency)s on %(date)s, so no rate follows from it."),
        field="file",
        params={"currency": base_currency, "date": quotes.date.isoformat()},
    )


def _ecb(text: str) -> Iterator[Quotes]:
    reader = csv.reader(io.StringIO(text))
    header = [cell.strip() for cell in next(reader)]
    for number, row in enumerate(reader, start=2):
        if not any(cell.strip() for cell in row):
            continue
        values = {
            currency: _number(cell, number)
            for currency, cell in zip(header[1:], row[1:], strict=False)
            if _CURRENCY.match(currency) and cell.strip() not in _NONE
        }
        yield Quotes(_day(row[0], number), "EUR", values)


def _usd(text: str) -> Iterator[Quotes]:
    """The end-of-day rate counts; rows of one day need not stand together."""
    days: dict[dt.date, dict[str, Decimal]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        day = _day(row.get("Date") or "", number)
        currency = row.get("To") or ""
        if row.get("From") != "USD" or not _CURRENCY.match(currency):
            raise RateFileError(
                N_("Row %(row)s: a rate from USD to a currency is expected."),
                field="file",
                params={"row": number},
            )
        values = days.setdefault(day, {})
        if currency != "USD":
            values[currency] = _number(row.get("EndOfDay") or "", number)
    for day in sorted(days):
        yield Quotes(day, "USD", days[day])


def _day(text: str, row: int) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise RateFileError(
            N_("Row %(row)s: %(value)s is no date."),
            field="file",
            params={"row": row, "value": text[:20]},
        ) from None


def _number(text: str, row: int) -> Decimal:
    clean = text.strip()
    try:
        value = Decimal(clean) if _NUMBER.match(clean) else None
    except InvalidOperation:
        value = None
    if value is None or value <= 0:
        raise RateFileError(
            N_("Row %(row)s: %(value)s is no rate greater than zero."),
            field="file",
            params={"row": row, "value": clean[:20]},
        )
    return value
