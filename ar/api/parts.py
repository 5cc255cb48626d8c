"""What packages above this one add to an invoice's answer: its commissions, its payments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ar.models import Invoice
from tenancy.principal import Principal

Part = Callable[[Invoice, Principal], Any]

_PARTS: dict[str, Part] = {}


def add_part(name: str, part: Part) -> None:
    """Show `part(invoice, actor)` as the field `name` of a single invoice; a constant number of statements."""
    _PARTS[name] = part


def parts_of(invoice: Invoice, actor: Principal) -> dict[str, Any]:
    """Return every part of the invoice."""
    return {name: part(invoice, actor) for name, part in sorted(_PARTS.items())}
