"""The journals of money and of settlement (accounting.md section 4: R1 to R6, P10 to P13, S11; section 5). Pure.

A payment and its allocations are moves on accounts. What they have in common is booked once: registered together they
are one entry (R2), an allocation alone books only what differs. In a move a debit is positive.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from ledger.posting import JournalDraft, PostingLine
from payments.settlement import Settled
from payments.sides import SUPPLIER, Side


@dataclass(frozen=True, slots=True)
class Party:
    """Whose open items move."""

    side: Side
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """What the journal of a payment needs. `amount` and `withholding` in `currency`, the base amounts in base currency."""

    payment_id: uuid.UUID
    number: str
    date: dt.date
    direction: str
    account_id: uuid.UUID
    party: Party
    currency: str
    rate: Decimal
    amount: Decimal
    base_amount: Decimal
    withholding: Decimal = ZERO
    base_withholding: Decimal = ZERO
    is_advance: bool = False

    @property
    def is_refund(self) -> bool:
        """Money the other way round: paid to a customer, or received from a supplier."""
        return self.direction != self.party.side.money


@dataclass(frozen=True, slots=True)
class Move:
    """A signed amount on an account, in base currency and in its own."""

    role: str
    base: Decimal
    currency: str
    amount: Decimal
    account_id: uuid.UUID | None = None
    party: Party | None = None
    #: True for lines that exist in base currency only.
    base_only: bool = False


def money_moves(facts: MoneyFacts) -> list[Move]:
    """Return what money itself moves: R1, R5, P10, P11, P13. All of it stands on account at first."""
    sign = 1 if facts.direction == "in" else -1
    moves = [
        Move(
            "",
            sign * facts.base_amount,
            facts.currency,
            sign * facts.amount,
            account_id=facts.account_id,
        ),
        Move(
            on_account_role(facts.party.side, is_advance=facts.is_advance),
            -sign * (facts.base_amount + facts.base_withholding),
            facts.currency,
            -sign * (facts.amount + facts.withholding),
            party=facts.party,
        ),
    ]
    if facts.withholding:
        moves.append(
            Move(
                "wht_payable",
                sign * facts.base_withholding,
                facts.currency,
                sign * facts.withholding,
            )
        )
    return moves


def on_account_role(side: Side, *, is_advance: bool) -> str:
    """Return the account on which unused money of a party stands (P13)."""
    return "supplier_advances" if is_advance and side is SUPPLIER else side.control


def allocation_moves(
    rows: Iterable[Settled], party: Party, *, base_currency: str, is_advance: bool = False
) -> list[Move]:
    """Return what allocations move besides the items themselves: nothing when rates agree and nothing is given up."""
    side, sign = party.side, party.side.sign
    source_role = on_account_role(side, is_advance=is_advance)
    moves = []
    for row in rows:
        source, target = row.source, row.target
        moves.append(
            Move(
                source_role,
                sign * row.source_base,
                source.currency,
                sign * row.source_amount,
                party=party,
            )
        )
        moves.append(
            Move(
                side.control,
                -sign * row.base_amount,
                target.currency,
                -sign * row.amount,
                party=party,
            )
        )
        for role, base, amount in (
            (side.discount, row.discount_base, row.discount),
            ("small_difference_write_off", row.write_off_base, row.write_off),
        ):
            if amount:
                moves.append(Move(role, sign * base, target.currency, sign * amount))
        gain = sign * row.difference
        if gain:
            moves.append(
                Move(
                    "fx_gain_realised" if gain > 0 else "fx_loss_realised",
                    -gain,
                    base_currency,
                    -gain,
                    base_only=True,
                )
            )
    return moves


def turned(moves: Iterable[Move]) -> list[Move]:
    """Return the mirror of the moves."""
    return [
        Move(
            move.role,
            -move.base,
            move.currency,
            -move.amount,
            move.account_id,
            move.party,
            move.base_only,
        )
        for move in moves
    ]


def _lines(moves: Sequence[Move], entry_currency: str) -> list[PostingLine]:
    """Return the moves as lines: what meets on one account, party and currency is one line; what cancels is none."""
    sums: dict[tuple[object, ...], list[Move]] = {}
    for move in moves:
        key = (
            move.role,
            move.account_id,
            move.party.id if move.party else None,
            move.currency,
            move.base_only,
        )
        sums.setdefault(key, []).append(move)
    lines = []
    for group in sums.values():
        base = sum((move.base for move in group), ZERO)
        amount = sum((move.amount for move in group), ZERO)
        if base:
            lines.append(_line(group[0], base, amount, entry_currency))
        elif amount:
            # the same value for another amount: both sides are shown
            lines.extend(
                _line(move, move.base, move.amount, entry_currency) for move in group if move.base
            )
    return lines


def _line(move: Move, base: Decimal, amount: Decimal, entry_currency: str) -> PostingLine:
    # a difference in base currency has no amount in the foreign currency of its entry
    currency = entry_currency if move.base_only else move.currency
    if move.base_only:
        amount = base if move.currency == entry_currency else ZERO
    return PostingLine(
        role=move.role,
        account_id=move.account_id,
        debit=max(base, ZERO),
        credit=max(-base, ZERO),
        currency=currency,
        amount_currency=amount,
        party_kind=move.party.side.party if move.party else "",
        party_id=move.party.id if move.party else None,
    )


def post_money(facts: MoneyFacts, moves: Sequence[Move] = ()) -> JournalDraft:
    """R1, R2, R5, P10, P11, P13: the money, and the moves of the allocations made with it."""
    return JournalDraft(
        date=facts.date,
        book="REC" if facts.direction == "in" else "PAY",
        source_kind="payments.payment",
        source_id=facts.payment_id,
        source_number=facts.number,
        description=facts.number,
        currency=facts.currency,
        rate=facts.rate,
        lines=tuple(_lines([*money_moves(facts), *moves], facts.currency)),
    )


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What an entry of settlement alone is called. `source_kind` with `source_id` and `purpose` names its cause once."""

    source_id: uuid.UUID
    date: dt.date
    number: str
    currency: str
    rate: Decimal
    book: str
    source_kind: str = "payments.allocation"
    purpose: str = "post"
    kind: str = "normal"


def post_settlement(facts: SettlementFacts, moves: Sequence[Move]) -> JournalDraft | None:
    """The differences of allocations made after their payment, or of their undoing; None when there are none."""
    lines = _lines(moves, facts.currency)
    if not lines:
        return None
    return JournalDraft(
        date=facts.date,
        book=facts.book,
        kind=facts.kind,
        source_kind=facts.source_kind,
        source_id=facts.source_id,
        source_number=facts.number,
        purpose=facts.purpose,
        description=facts.number,
        currency=facts.currency,
        rate=facts.rate,
        lines=tuple(lines),
    )
