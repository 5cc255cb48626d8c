"""A document's taxable amounts and VAT, split over parts of each VAT category so that the parts add up. Pure.

A VAT category of a document holds lines of several VAT codes, accounts or periods; its taxable amount and VAT are known
once, for the category (accounting.md section 2). Posting asks what of them belongs to each code or account.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from core.money import ZERO, distribute
from documents.models import DocumentHeader, DocumentLine
from documents.stored import breakdown_from_json

KeyT = TypeVar("KeyT", bound=Hashable)
LineT = TypeVar("LineT", bound=DocumentLine)


@dataclass(frozen=True, slots=True)
class Share(Generic[KeyT]):
    """What of one VAT category belongs to `key`, in the document's currency."""

    key: KeyT
    taxable: Decimal
    tax: Decimal


def shares_by(
    document: DocumentHeader, lines: Sequence[LineT], key: Callable[[LineT], KeyT]
) -> list[Share[KeyT]]:
    """Return the shares of each category by `key`, in the order the keys first appear on the lines.

    Largest remainder over the nets of the lines: the shares of a category add up to it.
    """
    shares: list[Share[KeyT]] = []
    for category in breakdown_from_json(document.tax_breakdown):
        nets: dict[KeyT, Decimal] = {}
        for line in lines:
            if (line.tax_category, line.tax_rate) == (category.category, category.rate):
                found = key(line)
                nets[found] = nets.get(found, ZERO) + line.net_amount
        weights = list(nets.values())
        taxables = distribute(category.taxable, weights, document.currency)
        taxes = distribute(category.tax, weights, document.currency)
        shares.extend(
            Share(found, taxable, tax)
            for found, taxable, tax in zip(nets, taxables, taxes, strict=True)
        )
    return shares
