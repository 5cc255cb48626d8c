"""Which kind of bank file it is, and all of its statements, each proved to add up. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from core.errors import N_, DomainError, ValidationErrors
from payments.bank.camt import read_camt
from payments.bank.ofx import read_ofx
from payments.bank.statements import (
    ParsedEntry,
    ParsedStatement,
    UnreadableStatement,
    account_key,
    checked,
)
from payments.bank.swift import read_mt940
from payments.bank.table import CsvRules, read_csv

FORMATS = ("mt940", "camt053", "ofx", "csv")
#: Text files do not say how they are written; it is chosen, not guessed.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859_6": "ISO 8859-6 (Arabic)",
    "cp1252": "Windows-1252 (Western)",
    "utf-16": "UTF-16",
}
MOST_ENTRIES = 100_000


def format_of(data: bytes, file_name: str = "") -> str:
    """Return the format by the first characters of the content, then by the name. Raises UnreadableStatement."""
    head = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    upper = head.upper()
    if not head:
        raise UnreadableStatement(N_("The file is empty."), field="file")
    if b"OFXHEADER" in upper or upper.startswith(b"<OFX") or b"<OFX>" in upper:
        return "ofx"
    if head.startswith(b"<"):
        return "camt053"
    if b":20:" in head or b":60F:" in head or b"{4:" in head:
        return "mt940"
    name = file_name.lower()
    if name.endswith((".csv", ".txt", ".tsv")):
        return "csv"
    raise UnreadableStatement(N_("This is no MT940, CAMT.053, OFX or CSV file."), field="file")


def decoded(data: bytes, encoding: str) -> str:
    """Return the text of a file. Raises UnreadableStatement at `encoding`."""
    if encoding not in ENCODINGS:
        raise UnreadableStatement(N_("Choose one of the values offered."), field="encoding")
    try:
        return data.decode(encoding)
    except UnicodeError:
        raise UnreadableStatement(
            N_("The file is not written in %(encoding)s; choose another encoding."),
            field="encoding",
            params={"encoding": ENCODINGS[encoding]},
        ) from None


def read_statements(
    data: bytes, *, file_format: str, encoding: str = "utf-8", rules: CsvRules | None = None
) -> list[ParsedStatement]:
    """Return every statement of a bank file, checked.

    Raises UnreadableStatement, or ValidationErrors with each statement that does not add up: a file is taken whole.
    """
    found = _read(data, file_format, encoding, rules or CsvRules())
    if sum(len(statement.entries) for statement in found) > MOST_ENTRIES:
        raise UnreadableStatement(
            N_("The file has more than %(limit)s entries."),
            field="file",
            params={"limit": MOST_ENTRIES},
        )
    good: list[ParsedStatement] = []
    errors: list[DomainError] = []
    for statement in found:
        try:
            good.append(checked(statement))
        except DomainError as error:
            errors.append(error)
    errors.extend(_twice(good))
    if errors:
        raise errors[0] if len(errors) == 1 else ValidationErrors(errors)
    return good


def _read(data: bytes, file_format: str, encoding: str, rules: CsvRules) -> list[ParsedStatement]:
    if file_format == "camt053":
        return read_camt(data)
    if file_format == "ofx":
        return read_ofx(data)
    if file_format == "mt940":
        return read_mt940(decoded(data, encoding))
    if file_format == "csv":
        return read_csv(decoded(data, encoding), rules)
    raise UnreadableStatement(N_("Choose one of the values offered."), field="format")


def _twice(statements: Iterable[ParsedStatement]) -> list[DomainError]:
    counted = Counter((account_key(s.account), s.identifier, s.date_to) for s in statements)
    return [
        UnreadableStatement(
            N_("The file has statement %(statement)s twice."),
            field="file",
            params={"statement": identifier},
        )
        for (_account, identifier, _day), count in counted.items()
        if count > 1
    ]


def entry_key(entry: ParsedEntry) -> str:
    """Return what makes an entry the same one in two files: the bank's reference, else all that is printed of it."""
    parts: tuple[object, ...] = (entry.date, format(entry.amount.normalize(), "f"))
    if entry.bank_reference:
        parts += (entry.bank_reference,)
    else:
        parts += (entry.reference, entry.party_account, entry.narrative)
    return repr(tuple(str(part) for part in parts))


def fingerprint(entry: ParsedEntry, occurrence: int) -> str:
    """Return the stored form of an entry's key; `occurrence` counts equal entries of an account from 1."""
    return hashlib.sha256(f"{entry_key(entry)} {occurrence}".encode()).hexdigest()
