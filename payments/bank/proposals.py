"""What a statement line may be, as data: candidates in, proposals with score and reasons out. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.errors import N_

#: From this score on a proposal is confirmed together with others, without looking at each.
SURE = 90


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A statement line; `amount` positive: money in. `text` is all that the bank wrote."""

    id: uuid.UUID
    payment_account_id: uuid.UUID
    date: dt.date
    amount: Decimal
    currency: str
    text: str = ""
    party_name: str = ""
    party_account: str = ""
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """A journal entry that moved the payment account and stands on no statement yet."""

    entry_id: uuid.UUID
    date: dt.date
    amount: Decimal
    number: str = ""
    reference: str = ""
    party_name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A customer or supplier. `accounts`: bank accounts it is known to pay from or to be paid on."""

    kind: str
    id: uuid.UUID
    name: str
    name_arabic: str = ""
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An invoice or bill with something left to pay, in the line's currency."""

    id: uuid.UUID
    party: Party
    number: str
    date: dt.date
    due_date: dt.date
    open_amount: Decimal
    #: The supplier's own number of a bill.
    their_number: str = ""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule of the company: which lines it takes. What it posts stays with the caller."""

    id: uuid.UUID
    name: str
    text: str
    sign: str = "any"
    payment_account_id: uuid.UUID | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line without match on another own account of the same currency."""

    id: uuid.UUID
    payment_account_id: uuid.UUID
    account_name: str
    date: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Another payment account of the company, by what a bank prints of it."""

    id: uuid.UUID
    name: str
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class CardReceipt:
    """A receipt on a clearing account that no settlement has taken yet."""

    entry_id: uuid.UUID
    payment_account_id: uuid.UUID
    date: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything the lines of one page could be."""

    bookings: tuple[Booking, ...] = ()
    documents: tuple[OpenDocument, ...] = ()
    parties: tuple[Party, ...] = ()
    rules: tuple[RuleFacts, ...] = ()
    own_lines: tuple[OwnLine, ...] = ()
    own_accounts: tuple[OwnAccount, ...] = ()
    receipts: tuple[CardReceipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a key of REASONS with what it is filled with."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing a line may be. `method` as in BankMatch; the other fields by method."""

    method: str
    score: int
    reasons: tuple[Reason, ...]
    entries: tuple[uuid.UUID, ...] = ()
    documents: tuple[tuple[uuid.UUID, Decimal], ...] = ()
    party: Party | None = None
    rule_id: uuid.UUID | None = None
    own_line_id: uuid.UUID | None = None
    payment_account_id: uuid.UUID | None = None
    gross: Decimal | None = None

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE

    @property
    def key(self) -> str:
        """What names the proposal among those of its line."""
        parts = (
            self.method,
            *map(str, sorted(self.entries)),
            *(f"{key}:{part}" for key, part in self.documents),
            str(self.party.id if self.party else ""),
            str(self.rule_id or self.own_line_id or self.payment_account_id or ""),
        )
        return "|".join(parts)


#: Texts of reasons, in English, with the names of their parameters.
REASONS = {
    "amount": N_("Same amount"),
    "only_amount": N_("The only booking of this amount"),
    "same_days": N_("Same day"),
    "near_days": N_("%(days)s days apart"),
    "reference": N_("Reference %(number)s is in the text"),
    "party_name": N_("Name: %(name)s"),
    "party_account": N_("Account known from %(name)s"),
    "sum": N_("%(count)s together are the amount"),
    "document": N_("%(number)s is in the text"),
    "document_amount": N_("%(number)s is open with this amount"),
    "part": N_("A part of what is open"),
    "on_account": N_("The rest stays on account"),
    "oldest_first": N_("Oldest documents first"),
    "rule": N_("Rule: %(name)s"),
    "own_line": N_("The same amount on %(account)s"),
    "own_account": N_("Names the account %(account)s"),
    "card_words": N_("The text speaks of card settlement"),
    "card_fee": N_("Receipts of %(gross)s less a fee of %(percent)s %%"),
    "opening": N_("All bookings before the first statement"),
}
