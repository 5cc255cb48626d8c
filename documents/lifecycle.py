"""States of documents and the steps between them, as data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """State of a document with lines."""

    DRAFT = "draft"
    POSTED = "posted"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    VOID = "void"


OPEN = frozenset({Status.POSTED, Status.PARTIALLY_PAID})
FINAL = frozenset({Status.VOID})


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Allowed steps and the states in which lines may be edited."""

    transitions: frozenset[tuple[Status, Status]]
    editable: frozenset[Status] = frozenset({Status.DRAFT})
    open: frozenset[Status] = OPEN
    final: frozenset[Status] = FINAL

    def allows(self, current: str, to: str) -> bool:
        """Return whether the step is in the table."""
        return (Status(current), Status(to)) in self.transitions
