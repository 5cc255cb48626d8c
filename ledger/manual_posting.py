"""The journal entry of a journal by hand (accounting.md sections 4 and 5). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, ValidationErrors
from core.money import ZERO, distribute, product, quantize
from ledger.posting import Book, JournalDraft, PostingLine, UnbalancedJournal

SOURCE = "ledger.manual_journal"


@dataclass(frozen=True, slots=True)
class HandLine:
    """A line with its account found; one side in the journal's currency."""

    account_id: uuid.UUID
    debit: Decimal
    credit: Decimal
    party_kind: str = ""
    party_id: uuid.UUID | None = None
    tax_code: str = ""
    taxable_amount: Decimal | None = None
    description: str = ""


@dataclass(slots=True)
class HandFacts:
    """What the entry needs of a journal by hand."""

    id: uuid.UUID
    number: str
    date: dt.date
    kind: str
    currency: str
    base_currency: str
    rate: Decimal
    description: str
    lines: Sequence[HandLine]


def require_balance(debit: Decimal, credit: Decimal, currency: str) -> None:
    """Raise UnbalancedJournal that names both sums and their difference."""
    if debit != credit:
        raise UnbalancedJournal(
            N_("Debits %(debit)s and credits %(credit)s differ by %(difference)s %(currency)s."),
            field="lines",
            params={
                "debit": f"{quantize(debit, currency):f}",
                "credit": f"{quantize(credit, currency):f}",
                "difference": f"{quantize(abs(debit - credit), currency):f}",
                "currency": currency,
            },
        )


def require_sides(lines: Sequence[HandLine]) -> None:
    """Raise UnbalancedJournal for fewer than two lines, ValidationErrors for each line without an amount."""
    if len(lines) < 2:
        raise UnbalancedJournal(N_("A journal entry has at least two lines."), field="lines")
    empty = [
        UnbalancedJournal(
            N_("Enter a debit or a credit."), code="required", field=f"lines.{index}.debit"
        )
        for index, line in enumerate(lines)
        if not (line.debit or line.credit)
    ]
    if empty:
        raise ValidationErrors(empty)


def hand_entry(facts: HandFacts) -> JournalDraft:
    """Return the entry. Foreign amounts: each side shares round(sum x rate) by largest remainder, so both sides agree.

    Raises UnbalancedJournal, ValidationErrors.
    """
    require_sides(facts.lines)
    debit = sum((line.debit for line in facts.lines), ZERO)
    require_balance(debit, sum((line.credit for line in facts.lines), ZERO), facts.currency)
    lines = tuple(
        _posting_line(line, base, facts)
        for line, base in zip(facts.lines, _in_base(facts, debit), strict=True)
    )
    return JournalDraft(
        date=facts.date,
        book=Book.GENERAL.value,
        kind=facts.kind,
        source_kind=SOURCE,
        source_id=facts.id,
        source_number=facts.number,
        description=facts.description,
        currency=facts.currency,
        rate=facts.rate,
        lines=lines,
    )


def _in_base(facts: HandFacts, total: Decimal) -> list[Decimal]:
    """Return the base amount of each line, in order."""
    if facts.currency == facts.base_currency:
        return [line.debit or line.credit for line in facts.lines]
    base = product(total, facts.rate, facts.base_currency)
    shares = {
        is_debit: iter(
            distribute(
                base,
                [line.debit or line.credit for line in facts.lines if bool(line.debit) is is_debit],
                facts.base_currency,
            )
        )
        for is_debit in (True, False)
    }
    amounts = [next(shares[bool(line.debit)]) for line in facts.lines]
    if not all(amounts):
        raise UnbalancedJournal(
            N_("In %(currency)s this line amounts to nothing."),
            field=f"lines.{amounts.index(ZERO)}.debit",
            params={"currency": facts.base_currency},
        )
    return amounts


def _posting_line(line: HandLine, base: Decimal, facts: HandFacts) -> PostingLine:
    taxable = line.taxable_amount
    if taxable is not None and facts.currency != facts.base_currency:
        taxable = product(taxable, facts.rate, facts.base_currency)
    return PostingLine(
        account_id=line.account_id,
        debit=base if line.debit else ZERO,
        credit=base if line.credit else ZERO,
        currency=facts.currency,
        amount_currency=line.debit - line.credit,
        party_kind=line.party_kind,
        party_id=line.party_id,
        tax_code=line.tax_code,
        taxable_amount=taxable,
        description=line.description,
    )
