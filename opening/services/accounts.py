"""The trial balance of the old system as one journal on the go-live date (accounting.md section 10, step 4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_
from core.money import ZERO
from ledger.file_columns import RowRefused
from ledger.models import Account
from ledger.posting import AccountRole, Book, JournalDraft, PostingLine
from ledger.selectors.accounts import accounts_by_text
from ledger.services.journal import journal_post
from opening.files import OpenBalance, RowProblem
from tenancy.principal import Principal

SOURCE = "opening.trial_balance"
#: What is kept by documents stands against the account its documents were posted against.
AGAINST = {
    AccountRole.AR_CONTROL: AccountRole.OPENING_AR,
    AccountRole.AP_CONTROL: AccountRole.OPENING_AP,
    AccountRole.INVENTORY: AccountRole.OPENING_STOCK,
}
#: Kept by party without opening documents of their own: they wait on `opening_other` until booked by party.
BY_PARTY = frozenset({"customer", "supplier", "salesperson", "employee"})


@dataclass(frozen=True, slots=True)
class TrialBalanceResult:
    """What a file says: its debits, refused rows, and the accounts that wait on `opening_other`."""

    total: Decimal
    refused: list[RowRefused]
    waiting: list[str]
    draft: JournalDraft | None


def trial_balance_read(
    rows: Sequence[OpenBalance], *, file_id: uuid.UUID, go_live: dt.date, actor: Principal
) -> TrialBalanceResult:
    """Return the journal of a trial balance; refused rows where an account is unknown or the sums differ."""
    by_hand = str(actor.company.get("inventory_method") or "manual") == "manual"
    accounts = accounts_by_text(row.account for row in rows)
    refused, lines, waiting = [], [], []
    for row in rows:
        account = accounts.get(row.account)
        if account is None:
            error = RowProblem(
                N_("There is no such account; add it to the chart of accounts first."),
                code="unknown_account",
                field="account",
            )
            refused.append(RowRefused(row.row, row.account, error))
            continue
        role = _against(account, by_hand=by_hand)
        if role == AccountRole.OPENING_OTHER:
            waiting.append(str(account))
        lines.append(_line(row, account, role))
    debit = sum((line.debit for line in lines), ZERO)
    credit = sum((line.credit for line in lines), ZERO)
    if not refused and debit != credit:
        error = RowProblem(
            N_(
                "The trial balance does not add up: debits %(debit)s, credits %(credit)s, difference %(difference)s."
            ),
            code="trial_balance_unbalanced",
            field="balance",
            params={
                "debit": f"{debit:f}",
                "credit": f"{credit:f}",
                "difference": f"{abs(debit - credit):f}",
            },
        )
        refused.append(RowRefused(rows[-1].row if rows else 1, "", error))
    if refused or len(lines) < 2:
        return TrialBalanceResult(debit, refused, waiting, None)
    draft = JournalDraft(
        date=go_live,
        book=Book.OPENING.value,
        kind="opening",
        source_kind=SOURCE,
        source_id=file_id,
        source_number=f"OPENING {go_live.isoformat()}",
        currency=actor.currency,
        lines=tuple(lines),
    )
    return TrialBalanceResult(debit, [], waiting, draft)


def _against(account: Account, *, by_hand: bool) -> str:
    """Return the opening account that stands for a control account, "" for one that is posted to itself."""
    if account.role == AccountRole.INVENTORY and by_hand:
        return ""
    if account.role in AGAINST:
        return AGAINST[AccountRole(account.role)]
    return AccountRole.OPENING_OTHER if account.subledger in BY_PARTY else ""


def _line(row: OpenBalance, account: Account, role: str) -> PostingLine:
    return PostingLine(
        role=role,
        account_id=None if role else account.pk,
        debit=max(row.balance, ZERO),
        credit=max(-row.balance, ZERO),
        currency=row.currency,
        amount_currency=row.amount_currency,
        description=str(account)[:300] if role else "",
    )


def trial_balance_post(draft: JournalDraft) -> uuid.UUID:
    """Post the journal of a trial balance."""
    (entry_id,) = journal_post([draft])
    return entry_id
