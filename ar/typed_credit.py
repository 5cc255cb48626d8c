"""A credit note as typed: which lines of the invoice, how much of each. Pure: no database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from documents.typed import Collected
from documents.typed_credit import TypedCreditBase, credit_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCredit(TypedCreditBase):
    """What is credited of one invoice."""

    invoice_id: uuid.UUID


def parse_credit(payload: Mapping[str, Any], *, invoice_id: uuid.UUID) -> TypedCredit:
    """Read a typed credit note; raises ValidationErrors that name every wrong field."""
    note = Collected()
    typed = TypedCredit(invoice_id=invoice_id, **credit_fields(payload, note))
    note.done()
    return typed
