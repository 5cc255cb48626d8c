"""States of documents and the steps between them, as data. Pure.

Buttons, API actions and tests are generated from the table of a document type. Whether a locked document may take a
step is decided where the document is (RR-3); whether somebody may, by their permissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import N_
from documents.errors import TransitionRefused


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
    """Allowed steps, the states in which lines may be edited, those with something open, those nothing leaves."""

    transitions: frozenset[tuple[Status, Status]]
    editable: frozenset[Status] = frozenset({Status.DRAFT})
    open: frozenset[Status] = OPEN
    final: frozenset[Status] = FINAL

    def __post_init__(self) -> None:
        leaving = {current for current, _ in self.transitions} & self.final
        if leaving:
            raise ValueError(f"final states have steps: {sorted(leaving)}")

    def allows(self, current: str, to: str) -> bool:
        """Return whether the step is in the table."""
        return (Status(current), Status(to)) in self.transitions

    def targets(self, current: str) -> tuple[Status, ...]:
        """Return the states that can follow, in the order of Status."""
        return tuple(to for to in Status if (Status(current), to) in self.transitions)

    def require(self, current: str, to: str) -> None:
        """Raise TransitionRefused unless the step is in the table."""
        if not self.allows(current, to):
            raise TransitionRefused(
                N_("A document in state %(current)s cannot become %(to)s."),
                field="status",
                params={"current": Status(current).value, "to": Status(to).value},
            )
