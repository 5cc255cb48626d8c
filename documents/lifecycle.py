"""States of documents and the steps between them, as data. Pure.

Pages and services ask the table of a document type, and so do the tests; the trigger documents_guard_header keeps to the same.
Whether a locked document may take a step is decided where the document is (RR-3); whether somebody may, by their permissions.
"""

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
#: The steps of every document: it is posted, settled by allocations in part or in whole, and open again when they are undone.
POSTED_AND_SETTLED = frozenset(
    {
        (Status.DRAFT, Status.POSTED),
        (Status.POSTED, Status.PARTIALLY_PAID),
        (Status.POSTED, Status.PAID),
        (Status.PARTIALLY_PAID, Status.PAID),
        (Status.PARTIALLY_PAID, Status.POSTED),
        (Status.PAID, Status.PARTIALLY_PAID),
        (Status.PAID, Status.POSTED),
    }
)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Allowed steps, and the states that nothing leaves."""

    transitions: frozenset[tuple[Status, Status]]
    final: frozenset[Status] = FINAL

    def __post_init__(self) -> None:
        leaving = {current for current, _ in self.transitions} & self.final
        if leaving:
            raise ValueError(f"final states have steps: {sorted(leaving)}")

    def allows(self, current: str, to: str) -> bool:
        """Return whether the step is in the table."""
        return (Status(current), Status(to)) in self.transitions
