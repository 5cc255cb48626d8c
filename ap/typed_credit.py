"""A supplier credit over a bill as typed: which lines of the bill, how much of each. Pure: no database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.inputs import clean_text
from documents.typed import Collected
from documents.typed_credit import TypedCreditBase, credit_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCredit(TypedCreditBase):
    """What is taken back of one bill; `supplier_number` is printed on the supplier's credit note."""

    bill_id: uuid.UUID
    supplier_number: str = ""


def parse_credit(payload: Mapping[str, Any], *, bill_id: uuid.UUID) -> TypedCredit:
    """Read a typed supplier credit; raises ValidationErrors that name every wrong field."""
    note = Collected()
    fields = credit_fields(payload, note)
    number = note.take(
        lambda: clean_text(
            payload.get("supplier_number"),
            field="supplier_number",
            min_length=0,
            max_length=60,
        ),
        "",
    )
    typed = TypedCredit(bill_id=bill_id, supplier_number=number, **fields)
    note.done()
    return typed
