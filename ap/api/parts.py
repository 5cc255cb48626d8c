"""What packages above this one add to a bill's answer: its payments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ap.models import Bill
from tenancy.principal import Principal

Part = Callable[[Bill, Principal], Any]

_PARTS: dict[str, Part] = {}


def add_part(name: str, part: Part) -> None:
    """Show `part(bill, actor)` as the field `name` of a single bill; a constant number of statements."""
    _PARTS[name] = part


def parts_of(bill: Bill, actor: Principal) -> dict[str, Any]:
    """Return every part of the bill."""
    return {name: part(bill, actor) for name, part in sorted(_PARTS.items())}
