"""The journal of money received (accounting.md section 4: R1). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from ledger.posting import JournalDraft, PostingLine


def post_receipt(
    *,
    payment_id: uuid.UUID,
    number: str,
    date: dt.date,
    account_id: uuid.UUID,
    customer_id: uuid.UUID,
    currency: str,
    rate: Decimal,
    amount: Decimal,
    base_amount: Decimal,
) -> JournalDraft:
    """R1: D payment account, C receivable. What is not allocated stays the customer's open credit."""
    return JournalDraft(
        date=date,
        book="REC",
        source_kind="payments.payment",
        source_id=payment_id,
        source_number=number,
        description=number,
        currency=currency,
        rate=rate,
        lines=(
            PostingLine(
                account_id=account_id, debit=base_amount, currency=currency, amount_currency=amount
            ),
            PostingLine(
                role="ar_control",
                credit=base_amount,
                currency=currency,
                amount_currency=-amount,
                party_kind="customer",
                party_id=customer_id,
            ),
        ),
    )
