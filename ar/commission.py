"""What commission is still earned on, after credit notes and write-offs (accounting.md section 7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, ratio_of


@dataclass(frozen=True, slots=True)
class Reductions:
    """What lowered an invoice since posting: `credited_net` of its `net` in base currency, the rest of its `total`."""

    net: Decimal
    total: Decimal
    credited_net: Decimal = ZERO
    credited_total: Decimal = ZERO
    written_off: Decimal = ZERO


def commission_base_after(posted: Decimal, reductions: Reductions, base_currency: str) -> Decimal:
    """Return the base: that of posting less the share credited, then less the share of the rest written off.

    With `posted` 10,000.00: 2,000.00 of 10,000.00 credited gives 8,000.00; 2,300.00 of 11,500.00 written off does too.
    """
    left = posted
    if reductions.credited_net > 0:
        credited = min(reductions.credited_net, reductions.net)
        left -= ratio_of(posted, credited, reductions.net, base_currency)
    if reductions.written_off > 0:
        collectable = reductions.total - reductions.credited_total
        kept = collectable - reductions.written_off
        left = ratio_of(left, kept, collectable, base_currency) if kept > 0 else ZERO
    return left
