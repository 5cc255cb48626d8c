"""T1 and T2: the journals of a VAT return (accounting.md section 4). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from ledger.posting import AccountRole, Book, JournalDraft, PostingLine
from reports.vat.rows import SOURCE, AccountCheck

ZERO = Decimal(0)


def _line(amount: Decimal, *, role: str = "", account_id: uuid.UUID | None = None) -> PostingLine:
    """Return a debit for a positive amount, a credit for a negative one."""
    return PostingLine(
        role=role, account_id=account_id, debit=max(amount, ZERO), credit=max(-amount, ZERO)
    )


def filing_draft(
    accounts: Iterable[AccountCheck],
    *,
    carried_forward: Decimal,
    net_due: Decimal,
    date: dt.date,
    vat_return_id: uuid.UUID,
    label: str,
    purpose: str,
    currency: str,
) -> JournalDraft | None:
    """Return T1: the VAT accounts of the period to zero, what is due or carried forward apart; None for nothing.

    The credit account moves from the credit carried into the period to the one that leaves it.
    """
    lines = [_line(one.movement, account_id=one.account_id) for one in accounts if one.movement]
    credit = max(-net_due, ZERO) - carried_forward
    if credit:
        lines.append(_line(credit, role=AccountRole.VAT_CREDIT))
    if net_due > 0:
        lines.append(_line(-net_due, role=AccountRole.VAT_SETTLEMENT))
    if not lines:
        return None
    return JournalDraft(
        date=date,
        book=Book.TAX,
        kind="tax",
        source_kind=SOURCE,
        source_id=vat_return_id,
        source_number=label,
        purpose=purpose,
        description=label,
        currency=currency,
        lines=tuple(lines),
    )


def payment_draft(
    *,
    net_due: Decimal,
    account_id: uuid.UUID,
    date: dt.date,
    vat_return_id: uuid.UUID,
    label: str,
    purpose: str,
    currency: str,
) -> JournalDraft:
    """Return T2: VAT paid from, or a claimed credit received into, the ledger account of a payment account."""
    role = AccountRole.VAT_SETTLEMENT if net_due > 0 else AccountRole.VAT_CREDIT
    return JournalDraft(
        date=date,
        book=Book.PAYMENTS if net_due > 0 else Book.RECEIPTS,
        kind="tax",
        source_kind=SOURCE,
        source_id=vat_return_id,
        source_number=label,
        purpose=purpose,
        description=label,
        currency=currency,
        lines=(
            _line(net_due, role=role),
            PostingLine(
                account_id=account_id,
                debit=max(-net_due, ZERO),
                credit=max(net_due, ZERO),
                amount_currency=-net_due,
            ),
        ),
    )
