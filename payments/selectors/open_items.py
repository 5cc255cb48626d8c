"""What a party owes and what it has on account, and what a strategy would do with money. Reads only."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from payments.services.items import open_documents
from payments.settlement import Item
from payments.sides import side_of
from payments.strategies import Strategy, propose


def proposal_of(
    *,
    party: str,
    party_id: uuid.UUID,
    currency: str,
    amount: Decimal,
    strategy: str,
    date: dt.date | None = None,
) -> list[tuple[Item, Decimal]]:
    """Return every open document of the party in the currency with what the strategy proposes for it, first due first.

    Held back documents and those after `date` are shown with nothing proposed, as registering would do.
    """
    items = open_documents(side_of(party), party_id=party_id, currency=currency)
    free = [item for item in items if not item.held and (date is None or item.date <= date)]
    chosen = (
        dict(propose(free, amount, strategy).allocations) if strategy != Strategy.MANUAL else {}
    )
    return [(item, chosen.get(item.id, Decimal(0))) for item in items]


def proposal_for(
    *, customer_id: uuid.UUID, currency: str, amount: Decimal, strategy: str, date: dt.date
) -> list[tuple[Item, Decimal]]:
    """Return `proposal_of` a customer."""
    return proposal_of(
        party="customer",
        party_id=customer_id,
        currency=currency,
        amount=amount,
        strategy=strategy,
        date=date,
    )
