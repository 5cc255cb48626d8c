"""The journal of money received (accounting.md section 4: R1). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from ledger.posting import JournalDraft, PostingLine


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What the journal of a receipt needs. `amount` in `currency`, `base_amount` in base currency."""

    payment_id: uuid.UUID
    number: str
    date: dt.date
    account_id: uuid.UUID
    customer_id: uuid.UUID
    currency: str
    rate: Decimal
    amount: Decimal
    base_amount: Decimal


def post_receipt(facts: ReceiptFacts) -> JournalDraft:
    """R1: D payment account, C receivable. What is not allocated stays the customer's open credit."""
    return JournalDraft(
        date=facts.date,
        book="REC",
        source_kind="payments.payment",
        source_id=facts.payment_id,
        source_number=facts.number,
        description=facts.number,
        currency=facts.currency,
        rate=facts.rate,
        lines=(
            PostingLine(
                account_id=facts.account_id,
                debit=facts.base_amount,
                currency=facts.currency,
                amount_currency=facts.amount,
            ),
            PostingLine(
                role="ar_control",
                credit=facts.base_amount,
                currency=facts.currency,
                amount_currency=-facts.amount,
                party_kind="customer",
                party_id=facts.customer_id,
            ),
        ),
    )
