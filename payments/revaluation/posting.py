"""G3: the journal of a revaluation. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ledger.posting import AccountRole, Book, JournalDraft, PostingLine
from payments.revaluation.items import ForeignItem

SOURCE = "payments.revaluation"
ZERO = Decimal(0)


def revaluation_draft(
    items: Iterable[ForeignItem],
    *,
    rates: Mapping[str, Decimal],
    date: dt.date,
    source_id: uuid.UUID,
    purpose: str,
    base_currency: str,
) -> JournalDraft | None:
    """Return the journal that brings every item to the closing rate; None when nothing differs.

    Gains and losses stand apart; the lines of the items are in base currency only, what is open stays as it is.
    """
    lines, gain, loss = [], ZERO, ZERO
    for item in items:
        difference = item.difference_at(rates[item.currency], base_currency)
        if not difference:
            continue
        lines.append(
            PostingLine(
                account_id=item.account_id,
                debit=max(difference, ZERO),
                credit=max(-difference, ZERO),
                currency=item.currency,
                party_kind=item.party_kind,
                party_id=item.party_id,
                description=f"{item.currency} {rates[item.currency].normalize():f}",
            )
        )
        gain += max(difference, ZERO)
        loss += max(-difference, ZERO)
    if gain:
        lines.append(PostingLine(role=AccountRole.FX_GAIN_UNREALISED, credit=gain))
    if loss:
        lines.append(PostingLine(role=AccountRole.FX_LOSS_UNREALISED, debit=loss))
    if not lines:
        return None
    return JournalDraft(
        date=date,
        book=Book.EXCHANGE,
        kind="revaluation",
        source_kind=SOURCE,
        source_id=source_id,
        source_number=f"{date:%Y-%m}",
        purpose=purpose,
        description=f"{date:%Y-%m}",
        currency=base_currency,
        lines=tuple(lines),
    )


def undo_draft(posted: JournalDraft, *, purpose: str) -> JournalDraft:
    """Return the journal that takes a revaluation back, on its own day: a revaluation the other way round."""
    return replace(posted, purpose=purpose, lines=tuple(line.turned() for line in posted.lines))
