"""A report as CSV: UTF-8, with the mark that spreadsheets want unless it is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from reports.renderers.cells import currency_of, for_file
from web.tables import ReportTable

MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"


def write_csv(table: ReportTable, target: TextIO, *, with_mark: bool = True) -> int:
    """Write headings and rows to a text file opened with newline=""; return the number of rows."""
    if with_mark:
        target.write(MARK)
    writer = csv.writer(target)
    writer.writerow([for_file(one, str(one.label), "") for one in table.columns])
    count = 0
    for row in table.lines():
        currency = currency_of(table, row)
        writer.writerow([for_file(one, row.cells.get(one.key), currency) for one in table.columns])
        count += 1
    return count


def csv_chunks(table: ReportTable, *, with_mark: bool = True) -> Iterator[bytes]:
    """Return the whole file as bytes."""
    buffer = io.StringIO(newline="")
    write_csv(table, buffer, with_mark=with_mark)
    yield buffer.getvalue().encode("utf-8", "replace")
