"""The posting table of receipts as exact lines (docs/posting-rules.md; accounting.md section 4: R1)."""

import datetime as dt
import uuid
from decimal import Decimal

from payments.posting import ReceiptFacts, post_receipt


def test_receipt_debits_the_till_and_credits_the_customer():
    till, customer = uuid.UUID(int=1), uuid.UUID(int=2)
    draft = post_receipt(
        ReceiptFacts(
            payment_id=uuid.UUID(int=3),
            number="REC-1",
            date=dt.date(2026, 1, 31),
            account_id=till,
            customer_id=customer,
            currency="USD",
            rate=Decimal("3.75"),
            amount=Decimal(100),
            base_amount=Decimal(375),
        )
    )

    money, party = draft.lines
    assert (money.account_id, money.debit, money.amount_currency) == (
        till,
        Decimal(375),
        Decimal(100),
    )
    assert (party.role, party.credit, party.amount_currency) == (
        "ar_control",
        Decimal(375),
        Decimal(-100),
    )
    assert (party.party_kind, party.party_id) == ("customer", customer)
    assert (draft.book, draft.purpose) == ("REC", "post")
