"""What a document writes into the ledger, as plain data (accounting.md section 4). Pure: names accounts by role."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.money import ZERO, distribute, quantize


class UnbalancedJournal(DomainError):
    """Debits and credits of an entry are equal, each line has one side, nothing is negative (L1, L2)."""

    code = "journal_unbalanced"


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One side in base currency; `amount_currency` is signed, debit positive."""

    role: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    account_id: uuid.UUID | None = None
    party_kind: str = ""
    party_id: uuid.UUID | None = None
    tax_code: str = ""
    taxable_amount: Decimal | None = None
    currency: str = ""
    amount_currency: Decimal = ZERO
    description: str = ""


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A balanced entry on its way to the ledger; raises UnbalancedJournal when it is not."""

    date: dt.date
    book: str
    source_kind: str
    source_id: uuid.UUID
    currency: str
    lines: tuple[PostingLine, ...]
    kind: str = "normal"
    source_number: str = ""
    purpose: str = "post"
    description: str = ""
    rate: Decimal = Decimal(1)
    reverses_id: uuid.UUID | None = None

    def __post_init__(self) -> None:
        if len(self.lines) < 2:
            raise UnbalancedJournal(N_("A journal entry has at least two lines."))
        debit = credit = ZERO
        for line in self.lines:
            if not (line.debit.is_finite() and line.credit.is_finite()):
                raise UnbalancedJournal(N_("An amount is not a number."))
            if line.debit < 0 or line.credit < 0 or (line.debit == 0) == (line.credit == 0):
                raise UnbalancedJournal(N_("A journal line has either a debit or a credit."))
            debit += line.debit
            credit += line.credit
        if debit != credit:
            raise UnbalancedJournal(
                N_("Debits %(debit)s and credits %(credit)s differ."),
                params={"debit": debit, "credit": credit},
            )

    @property
    def total(self) -> Decimal:
        """The sum of the debits, in base currency."""
        return sum((line.debit for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class ConvertedDocument:
    """A document's amounts in base currency; nets and taxes add up to the total."""

    total: Decimal
    taxes: tuple[Decimal, ...]
    nets: tuple[Decimal, ...]


def convert_document(
    *,
    total: Decimal,
    taxes: Sequence[Decimal],
    nets: Sequence[Decimal],
    rate: Decimal,
    currency: str,
    base_currency: str,
) -> ConvertedDocument:
    """Convert at the frozen rate (accounting.md section 5).

    base(total) = round(total x rate), base(VAT) = round(VAT x rate); the remaining lines share the rest by largest
    remainder, so conversion needs no rounding line.
    """
    if currency == base_currency and rate == 1:
        return ConvertedDocument(total, tuple(taxes), tuple(nets))
    base_total = quantize(total * rate, base_currency)
    base_tax = quantize(sum(taxes, ZERO) * rate, base_currency)
    return ConvertedDocument(
        base_total,
        tuple(distribute(base_tax, list(taxes), base_currency)),
        tuple(distribute(base_total - base_tax, list(nets), base_currency)),
    )
