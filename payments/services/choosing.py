"""Which open items a payment or a credit settles: by strategy or as typed; locked, checked, ready to settle."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from core.errors import N_
from payments.posting import Party
from payments.selectors.open_items import company_order, open_credits
from payments.services.items import (
    credits_by_id,
    documents_by_id,
    documents_first_enough,
    payments_by_id,
)
from payments.settlement import Item, Part
from payments.strategies import STRATEGIES, Strategy, UnknownOpenItem, UnknownStrategy, propose


def targets_for(
    party: Party,
    source: Item,
    *,
    strategy: str,
    parts: Sequence[Part] = (),
    until: dt.date | None = None,
) -> list[tuple[Item, Part]]:
    """Return what the source settles, locked, in the order of the strategy or as typed.

    A strategy takes documents in the source's currency dated up to `until`; by hand it may be any open document or
    refund of the party. Raises UnknownStrategy, UnknownOpenItem, InvoiceLocked.
    """
    _require_known(strategy)
    if strategy == Strategy.NONE:
        return []
    if strategy != Strategy.MANUAL:
        strategy = company_order(strategy)
        items = documents_first_enough(
            party.side,
            party_id=party.id,
            currency=source.currency,
            date=until,
            amount=source.open_amount,
            strategy=strategy,
        )
        by_id = {item.id: item for item in items}
        proposal = propose(items, source.open_amount, strategy)
        return [(by_id[key], Part(key, amount)) for key, amount in proposal.allocations]
    ids = [part.document_id for part in parts]
    # payments before documents: the order of locks
    found = documents_by_id(party.side, party_id=party.id, ids=ids)
    missing = [key for key in ids if key not in found]
    if missing:
        found |= payments_by_id(party.side, party_id=party.id, ids=missing, refunds=True)
    return _named(party, found, parts, field=party.side.document)


def sources_for(
    party: Party,
    target: Item,
    *,
    strategy: str,
    parts: Sequence[Part] = (),
) -> list[tuple[Item, Part]]:
    """Return the credits and the money on account that a refund pays back, locked: oldest first, or as typed."""
    _require_known(strategy)
    if strategy == Strategy.NONE:
        return []
    if strategy != Strategy.MANUAL:
        offered = open_credits(party.side, party_id=party.id, currency=target.currency)
        if strategy in (Strategy.LIFO, Strategy.LIFO_BY_ISSUE_DATE):
            offered.reverse()
        parts = [Part(item.id, item.open_amount) for item in offered if item.date <= target.date]
    ids = [part.document_id for part in parts]
    found = payments_by_id(party.side, party_id=party.id, ids=ids)
    missing = [key for key in ids if key not in found]
    if missing:
        found |= credits_by_id(party.side, party_id=party.id, ids=missing)
    if strategy == Strategy.MANUAL:
        return _named(party, found, parts, field=party.side.credit)
    left, chosen = target.open_amount, []
    for part in parts:
        item = found.get(part.document_id)
        take = min(left, item.open_amount) if item else left
        if item and take > 0:
            chosen.append((item, Part(item.id, take)))
            left -= take
    return chosen


def _require_known(strategy: str) -> None:
    if strategy not in STRATEGIES:
        raise UnknownStrategy(N_("The strategy is fifo, lifo or manual."), field="strategy")


def _named(
    party: Party, found: dict[uuid.UUID, Item], parts: Sequence[Part], *, field: str
) -> list[tuple[Item, Part]]:
    for index, part in enumerate(parts):
        if part.document_id not in found:
            text = (
                N_("This is no open invoice of the customer.")
                if party.side.party == "customer"
                else N_("This is no open bill of the supplier.")
            )
            raise UnknownOpenItem(text, field=f"allocations.{index}.{field}")
    return [(found[part.document_id], part) for part in parts]
