"""The shape of a check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant. `sql` returns a row (what, detail) for each breach; `%(company)s` is the company."""

    name: str
    promise: str
    sql: str


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that breaks a check, in the words of the check's statement."""

    what: str
    detail: str
