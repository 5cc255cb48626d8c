"""Typed journals for the tests of journals by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.dates import local_today
from ledger.typed import TypedJournal, parse_journal

RENT, BANK, CASH = "6310", "1130", "1110"


def row(account: str, *, debit: object = "", credit: object = "", **fields: Any) -> dict[str, Any]:
    """Return one typed line on an account, by its code."""
    return {"account_code": account, "debit": str(debit), "credit": str(credit), **fields}


def payload(lines: Sequence[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a typed journal: rent of 1,000.00 from the bank by default."""
    rows = [row(RENT, debit="1000.00"), row(BANK, credit="1000.00")] if lines is None else lines
    return {"date": local_today().isoformat(), "lines": list(rows), **fields}


def typed(lines: Sequence[dict[str, Any]] | None = None, **fields: Any) -> TypedJournal:
    """Return it as the services take it."""
    return parse_journal(payload(lines, **fields), currency="SAR", today=local_today())
