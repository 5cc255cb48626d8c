"""Rows of CSV, gzipped CSV and XLSX files, within limits that hold before anything is unpacked (reliability.md part 10).

A workbook is copied once into a plain CSV file, so that two passes over it cost one reading. Formulas are refused: what
they show depends on the program that opened the file last.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import N_, DomainError

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_RATIO = 200
MAX_COLUMNS = 200
MAX_ROWS = 5_000_000
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
FORMULA = "\x00formula"


class UnreadableFile(DomainError):
    """The file is no table we can read, or larger than the limits."""

    code = "unreadable_file"


def _refuse(message: str, **params: Any) -> UnreadableFile:
    return UnreadableFile(message, field="file", params=params)


@contextmanager
def opened_table(path: Path) -> Iterator[Path]:
    """Yield a plain CSV file with the rows of `path`, unpacked into a temporary folder where it has to be.

    Raises UnreadableFile: too large, packed too tightly, not UTF-8, a workbook with macros.
    """
    if not path.is_file():
        raise _refuse(N_("There is no such file."))
    size = path.stat().st_size
    if size == 0:
        raise _refuse(N_("The file is empty."))
    if size > MAX_FILE_BYTES:
        raise _refuse(N_("The file is larger than %(limit)s MB."), limit=MAX_FILE_BYTES // 1024**2)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] != _GZIP and head != _ZIP:
        yield path
        return
    with TemporaryDirectory(prefix="mizan-import-") as folder:
        plain = Path(folder) / "rows.csv"
        if head == _ZIP:
            _unpack_workbook(path, plain)
        else:
            _unpack_gzip(path, plain, size)
        yield plain


def _unpack_gzip(path: Path, plain: Path, size: int) -> None:
    limit = min(MAX_UNPACKED_BYTES, max(size * MAX_RATIO, _CHUNK))
    written = 0
    try:
        with gzip.open(path, "rb") as packed, plain.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > limit:
                    raise _refuse(N_("The file unpacks to far more than a table would."))
                out.write(chunk)
    except (OSError, EOFError) as error:
        raise _refuse(N_("The file is damaged.")) from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _refuse(N_("The file is damaged.")) from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MAX_UNPACKED_BYTES or unpacked > packed * MAX_RATIO or len(entries) > 2000:
        raise _refuse(N_("The file unpacks to far more than a table would."))
    names = {entry.filename for entry in entries}
    if any("vbaProject" in name or name.startswith("xl/externalLinks") for name in names):
        raise _refuse(N_("Workbooks with macros or links to other files are refused."))
    if not any(name.startswith("xl/worksheets/") for name in names):
        raise _refuse(N_("This is no workbook."))


def _unpack_workbook(path: Path, plain: Path) -> None:
    """Write the first sheet as CSV."""
    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise _refuse(N_("This is no workbook.")) from error
    try:
        sheet = book.worksheets[0]
        with plain.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for count, row in enumerate(sheet.iter_rows()):
                if count > MAX_ROWS or len(row) > MAX_COLUMNS:
                    raise _refuse(N_("The table has too many rows or columns."))
                writer.writerow([_cell_text(cell) for cell in row])
    finally:
        book.close()


def _cell_text(cell: Any) -> str:
    """Return what the cell says, as a CSV would."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float):
        # a spreadsheet keeps 15 digits: what it shows, not the binary fraction behind it
        text = format(value, ".15g")
        return text if "e" not in text else repr(value)
    return str(value)


def table_rows(plain: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number of the file, cells) of each row, the heading first. Raises UnreadableFile."""
    try:
        with plain.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(64 * 1024)
            file.seek(0)
            reader = csv.reader(file, delimiter=_delimiter(sample))
            for count, row in enumerate(reader):
                if count > MAX_ROWS or len(row) > MAX_COLUMNS:
                    raise _refuse(N_("The table has too many rows or columns."))
                if row:
                    yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise _refuse(N_("The file is not written in UTF-8.")) from error
    except csv.Error as error:
        raise _refuse(N_("The file is no table: %(problem)s."), problem=str(error)) from error


def _delimiter(sample: str) -> str:
    heading = io.StringIO(sample).readline()
    return max(",;\t", key=heading.count)


def headings_of(plain: Path) -> list[str]:
    """Return the heading row. Raises UnreadableFile when there is none."""
    for _, row in table_rows(plain):
        headings = [cell.strip() for cell in row]
        if len(set(filter(None, headings))) < 2:
            break
        return headings
    raise _refuse(N_("The first row must hold the column headings."))


def sample_rows(plain: Path, count: int = 5) -> list[list[str]]:
    """Return the first rows below the heading, for the mapping page."""
    rows: list[list[str]] = []
    for _, row in table_rows(plain):
        rows.append(row)
        if len(rows) > count:
            break
    return rows[1:]
