"""The journals that relieve an invoice without money: bad debts (S12) and used prepayments (S10). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ar.posting import ADVANCES, SaleFacts
from core.money import ZERO, product, ratio_of
from ledger.posting import JournalDraft, PostingLine


@dataclass(frozen=True, slots=True)
class CodeShare:
    """What of an amount belongs to one VAT code: in the document's currency and in base currency."""

    code: str
    role: str
    net: Decimal
    tax: Decimal
    base_net: Decimal
    base_tax: Decimal

    def stored(self) -> dict[str, str]:
        """Return the share as the relief row keeps it."""
        return {
            "code": self.code,
            "net": str(self.net),
            "tax": str(self.tax),
            "base_net": str(self.base_net),
            "base_tax": str(self.base_tax),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefFacts:
    """What the journal needs. `amount` in `currency`; `base_amount` is the carrying amount of the invoice it relieves."""

    source_kind: str
    source_id: uuid.UUID
    number: str
    date: dt.date
    party_id: uuid.UUID
    currency: str
    rate: Decimal
    base_currency: str
    amount: Decimal
    base_amount: Decimal
    shares: tuple[CodeShare, ...] = ()


def vat_inside(facts: SaleFacts, amount: Decimal) -> tuple[CodeShare, ...]:
    """Return the VAT inside `amount` of a posted document, by VAT code, in proportion to the whole."""
    nets = {share.tax_code: share.net for share in facts.revenue}
    shares = []
    for vat in facts.vat:
        tax = ratio_of(vat.tax, amount, facts.total, facts.currency)
        net = ratio_of(nets[vat.tax_code], amount, facts.total, facts.currency)
        if tax:
            shares.append(
                CodeShare(
                    vat.tax_code,
                    vat.role,
                    net,
                    tax,
                    product(net, facts.rate, facts.base_currency),
                    product(tax, facts.rate, facts.base_currency),
                )
            )
    return tuple(shares)


def post_write_off(facts: ReliefFacts, *, against_allowance: bool) -> JournalDraft:
    """S12: D allowance (or loss); C receivable. With VAT claimed back its part is D output VAT instead."""
    vat = sum((share.base_tax for share in facts.shares), ZERO)
    foreign_vat = sum((share.tax for share in facts.shares), ZERO)
    lines = [
        _line(
            facts,
            "ecl_allowance" if against_allowance else "credit_loss_expense",
            facts.base_amount - vat,
            facts.amount - foreign_vat,
        ),
        *_vat_lines(facts),
        _receivable(facts),
    ]
    return _draft(facts, [line for line in lines if line is not None])


def post_prepayment_use(facts: ReliefFacts) -> JournalDraft:
    """S10: D customer advances n; D output VAT v; C receivable t. A difference between the rates is realised."""
    party: dict[str, Any] = {"party_kind": "customer", "party_id": facts.party_id}
    lines = [
        *(
            _line(
                facts,
                ADVANCES,
                share.base_net,
                share.net,
                tax_code=share.code,
                taxable_amount=share.base_net,
                **party,
            )
            for share in facts.shares
        ),
        *_vat_lines(facts),
        _receivable(facts),
    ]
    relieved = sum((share.base_net + share.base_tax for share in facts.shares), ZERO)
    difference = relieved - facts.base_amount
    if difference > 0:
        lines.append(PostingLine(role="fx_gain_realised", credit=difference))
    elif difference < 0:
        lines.append(PostingLine(role="fx_loss_realised", debit=-difference))
    return _draft(facts, [line for line in lines if line is not None])


def _line(
    facts: ReliefFacts, role: str, base: Decimal, foreign: Decimal, **fields: Any
) -> PostingLine | None:
    if not base:
        return None
    return PostingLine(
        role=role, debit=base, currency=facts.currency, amount_currency=foreign, **fields
    )


def _vat_lines(facts: ReliefFacts) -> list[PostingLine | None]:
    return [
        _line(
            facts,
            share.role,
            share.base_tax,
            share.tax,
            tax_code=share.code,
            taxable_amount=share.base_net,
        )
        for share in facts.shares
    ]


def _receivable(facts: ReliefFacts) -> PostingLine:
    return PostingLine(
        role="ar_control",
        credit=facts.base_amount,
        currency=facts.currency,
        amount_currency=-facts.amount,
        party_kind="customer",
        party_id=facts.party_id,
    )


def _draft(facts: ReliefFacts, lines: list[PostingLine]) -> JournalDraft:
    return JournalDraft(
        date=facts.date,
        book="SAL",
        source_kind=facts.source_kind,
        source_id=facts.source_id,
        source_number=facts.number,
        description=facts.number,
        currency=facts.currency,
        rate=facts.rate,
        lines=tuple(lines),
    )
