"""The journals of commissions (accounting.md section 4: C1, C2, C4). Pure; amounts in base currency."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from ledger.posting import AccountRole, Book, JournalDraft, PostingLine


@dataclass(frozen=True, slots=True)
class EarnedFacts:
    """What the journal of an approval or a correction needs. `member_id`: the salesperson's membership."""

    source_kind: str
    source_id: uuid.UUID
    purpose: str
    number: str
    date: dt.date
    member_id: uuid.UUID
    commission: Decimal
    tax: Decimal
    currency: str


def post_earned(facts: EarnedFacts) -> JournalDraft | None:
    """C1: D expense gross, C payable net, C tax kept back. Negative amounts give the mirror, the claw-back C4.

    None when nothing was earned.
    """
    net = facts.commission - facts.tax
    parts = (
        (AccountRole.COMMISSION_EXPENSE, facts.commission),
        (AccountRole.COMMISSION_PAYABLE, -net),
        (AccountRole.COMMISSION_TAX_WITHHELD, -facts.tax),
    )
    lines = tuple(
        PostingLine(
            role=role,
            debit=max(amount, ZERO),
            credit=max(-amount, ZERO),
            currency=facts.currency,
            amount_currency=amount,
            party_kind="salesperson" if role == AccountRole.COMMISSION_PAYABLE else "",
            party_id=facts.member_id if role == AccountRole.COMMISSION_PAYABLE else None,
        )
        for role, amount in parts
        if amount
    )
    if not lines:
        return None
    return JournalDraft(
        date=facts.date,
        book=Book.COMMISSION,
        source_kind=facts.source_kind,
        source_id=facts.source_id,
        source_number=facts.number,
        purpose=facts.purpose,
        description=facts.number,
        currency=facts.currency,
        lines=lines,
    )


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """What the journal of a payout needs."""

    payout_id: uuid.UUID
    number: str
    date: dt.date
    member_id: uuid.UUID
    account_id: uuid.UUID
    amount: Decimal
    currency: str


def post_payout(facts: PayoutFacts) -> JournalDraft:
    """C2: D payable, C payment account."""
    return JournalDraft(
        date=facts.date,
        book=Book.COMMISSION,
        source_kind="commissions.payout",
        source_id=facts.payout_id,
        source_number=facts.number,
        description=facts.number,
        currency=facts.currency,
        lines=(
            PostingLine(
                role=AccountRole.COMMISSION_PAYABLE,
                debit=facts.amount,
                currency=facts.currency,
                amount_currency=facts.amount,
                party_kind="salesperson",
                party_id=facts.member_id,
            ),
            PostingLine(
                account_id=facts.account_id,
                credit=facts.amount,
                currency=facts.currency,
                amount_currency=-facts.amount,
            ),
        ),
    )
