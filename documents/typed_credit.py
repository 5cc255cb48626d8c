"""A credit as typed: which lines of a posted document, how much of each. Pure: no database.

A kind adds the document it takes back: ar.typed_credit its invoice, ap.typed_credit its bill.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError
from core.inputs import clean_text, optional, parse_date, parse_decimal, parse_flag, parse_uuid
from documents.crediting import Wanted
from documents.typed import MAX_LINES, Collected


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCreditBase:
    """What is credited of one document. `whole` takes all that is left; then no lines are named.

    `settle`: set it against the document as far as that is open; else all of it stays as credit on account.
    """

    reason: str
    lines: tuple[Wanted, ...] = ()
    whole: bool = False
    date: dt.date | None = None
    notes: str = ""
    settle: bool = True


def credit_fields(payload: Mapping[str, Any], note: Collected) -> dict[str, Any]:
    """Return the fields of TypedCreditBase; what is wrong is noted by field.

    `lines`: rows of `line` (id of the document's line) and `quantity` or `amount`; rows with neither are left out.
    """
    rows = payload.get("lines")
    whole = note.take(lambda: parse_flag(payload.get("whole"), field="whole"), False)
    nothing: list[Wanted] = []

    def text(name: str, maximum: int, *, minimum: int = 0, multiline: bool = False) -> str:
        return note.take(
            lambda: clean_text(
                payload.get(name),
                field=name,
                min_length=minimum,
                max_length=maximum,
                multiline=multiline,
            ),
            "",
        )

    return {
        "reason": text("reason", 300, minimum=1),
        "whole": whole,
        "date": note.take(lambda: optional(parse_date, payload.get("date"), field="date"), None),
        "notes": text("notes", 2000, multiline=True),
        "settle": note.take(
            lambda: parse_flag(payload.get("settle"), field="settle", default=True), True
        ),
        "lines": tuple(nothing if whole else note.take(lambda: _rows(rows), nothing)),
    }


def _rows(rows: Any) -> list[Wanted]:
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > MAX_LINES:
        raise DomainError(N_("Choose at least one line to credit."), code="required", field="lines")
    note = Collected()
    wanted = []
    for index, row in enumerate(rows):
        one = note.take(lambda index=index, row=row: _row(index, row), None)  # type: ignore[misc]
        if one is not None:
            wanted.append(one)
    note.done()
    return wanted


def _row(index: int, row: Any) -> Wanted | None:
    """Read one row, None for one that asks for nothing. Raises DomainError below `lines.<index>`."""
    field = f"lines.{index}"
    if not isinstance(row, Mapping):
        raise DomainError(N_("A line is an object."), code="invalid", field=field)
    quantity, amount = row.get("quantity"), row.get("amount")
    if quantity in (None, "") and amount in (None, ""):
        return None
    line_id = parse_uuid(row.get("line"), field=f"{field}.line")
    return Wanted(
        line_id,
        quantity=_number(quantity, f"{field}.quantity", 6),
        amount=_number(amount, f"{field}.amount", 4),
        row=index,
    )


def _number(value: Any, field: str, places: int) -> Decimal | None:
    if value is None or value == "":
        return None
    return parse_decimal(value, field=field, max_digits=19, places=places, minimum=Decimal(0))
