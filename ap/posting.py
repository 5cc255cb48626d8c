"""The journal of each payables document (accounting.md section 4: P4 to P9, G1). Pure.

A bill and a supplier credit post the same lines on opposite sides. What the supplier charges is converted at the frozen
rate as one whole; VAT that we charge ourselves (reverse charge) is computed on the net in base currency.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.money import ZERO, percent_of, product, ratio_of
from ledger.posting import JournalDraft, PostingLine, convert_document

HUNDRED = Decimal(100)


class TaxWay(StrEnum):
    """What becomes of the VAT of a line."""

    NONE = "none"
    INPUT = "input"
    COST = "cost"
    REVERSE = "reverse"
    CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class CostShare:
    """What of the document goes to one account under one VAT code, in the document's currency.

    `account_id` None: the account of `role`. `waiting`: what a prepaid line still has on its prepaid account, in base
    currency; a credit takes that first and the rest from `account_id`.
    """

    tax_code: str
    way: TaxWay
    net: Decimal
    tax: Decimal
    role: str = ""
    account_id: uuid.UUID | None = None
    vat_role: str = ""
    counter_role: str = ""
    rate: Decimal = ZERO
    customs_value: Decimal | None = None
    prepaid_line_id: uuid.UUID | None = None
    prepaid_account_id: uuid.UUID | None = None
    waiting: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What the journal of a purchase document needs. Amounts in `currency`, posted at the frozen `rate`.

    `base`: total and VAT in base currency where they are known, on the credit that takes the rest of a bill.
    """

    source_kind: str
    source_id: uuid.UUID
    number: str
    date: dt.date
    party_id: uuid.UUID
    currency: str
    rate: Decimal
    base_currency: str
    total: Decimal
    shares: tuple[CostShare, ...]
    book: str = "PUR"
    kind: str = "normal"
    base: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The journal of a purchase (None when it is about nothing) and what it amounts to in base currency.

    `waiting`: by prepaid line, what a bill puts on its prepaid account, or what a credit takes off it.
    """

    draft: JournalDraft | None
    total: Decimal
    tax: Decimal
    waiting: dict[uuid.UUID, Decimal]


@dataclass(slots=True)
class _Side:
    """Collects journal lines; positive amounts are debits on a bill and credits on a supplier credit."""

    credit: bool
    currency: str
    lines: list[PostingLine]

    def add(
        self,
        base: Decimal,
        foreign: Decimal,
        *,
        turned: bool = False,
        currency: str = "",
        **fields: Any,
    ) -> None:
        """Add a line of so much, with the fields of PostingLine; `turned`: on the other side. Nothing adds no line."""
        if base == 0:
            return
        debit = self.credit == turned
        self.lines.append(
            PostingLine(
                debit=base if debit else ZERO,
                credit=ZERO if debit else base,
                currency=currency or self.currency,
                amount_currency=foreign if debit else -foreign,
                **fields,
            )
        )


def post_bill(facts: PurchaseFacts) -> Posted:
    """P4, P5, P7, P8: D goods, cost or prepaid n; D input VAT v; C payable t. A zero bill has no journal."""
    return _post(facts, credit=False)


def post_supplier_credit(facts: PurchaseFacts) -> Posted:
    """P9: D payable t; C goods, cost or prepaid n; C input VAT v."""
    return _post(facts, credit=True)


def _post(facts: PurchaseFacts, *, credit: bool) -> Posted:
    converted = convert_document(
        total=facts.total,
        taxes=tuple(share.tax for share in facts.shares),
        nets=tuple(share.net for share in facts.shares),
        rate=facts.rate,
        currency=facts.currency,
        base_currency=facts.base_currency,
        base=facts.base,
    )
    side = _Side(credit, facts.currency, [])
    waiting: dict[uuid.UUID, Decimal] = {}
    for share, net, tax in zip(facts.shares, converted.nets, converted.taxes, strict=True):
        if share.way != TaxWay.CUSTOMS:
            cost = net + tax if share.way == TaxWay.COST else net
            if share.prepaid_line_id is not None:
                on_prepaid = min(cost, share.waiting) if credit else cost
                waiting[share.prepaid_line_id] = on_prepaid
                _add_cost(side, facts, share, cost=cost, net=net, on_prepaid=on_prepaid)
            else:
                _add_cost(side, facts, share, cost=cost, net=net, on_prepaid=ZERO)
    _add_vat(side, facts, converted.nets, converted.taxes)
    side.add(
        converted.total,
        facts.total,
        turned=True,
        role="ap_control",
        party_kind="supplier",
        party_id=facts.party_id,
    )
    draft = None
    if converted.total:
        draft = JournalDraft(
            date=facts.date,
            book=facts.book,
            kind=facts.kind,
            source_kind=facts.source_kind,
            source_id=facts.source_id,
            source_number=facts.number,
            purpose="post",
            description=facts.number,
            currency=facts.currency,
            rate=facts.rate,
            lines=tuple(side.lines),
        )
    return Posted(draft, converted.total, converted.tax, waiting)


def _add_cost(
    side: _Side,
    facts: PurchaseFacts,
    share: CostShare,
    *,
    cost: Decimal,
    net: Decimal,
    on_prepaid: Decimal,
) -> None:
    """Add the cost of a share: to its account, or as far as `on_prepaid` goes to the prepaid account of its line."""
    if not cost:
        return
    foreign = share.net + share.tax if share.way == TaxWay.COST else share.net
    part = ratio_of(foreign, on_prepaid, cost, facts.currency)
    taxable = ratio_of(net, on_prepaid, cost, facts.base_currency)
    side.add(
        on_prepaid,
        part,
        account_id=share.prepaid_account_id,
        tax_code=share.tax_code,
        taxable_amount=taxable,
    )
    side.add(
        cost - on_prepaid,
        foreign - part,
        role=share.role,
        account_id=share.account_id,
        tax_code=share.tax_code,
        taxable_amount=net - taxable,
    )


def _add_vat(
    side: _Side, facts: PurchaseFacts, nets: tuple[Decimal, ...], taxes: tuple[Decimal, ...]
) -> None:
    """Add VAT by VAT code: input VAT, both sides of a reverse charge, and VAT paid at customs."""
    sums: dict[str, tuple[CostShare, Decimal, Decimal, Decimal]] = {}
    for share, net, tax in zip(facts.shares, nets, taxes, strict=True):
        if share.way == TaxWay.CUSTOMS:
            _add_customs(side, facts, share, net)
        elif share.way in (TaxWay.INPUT, TaxWay.REVERSE):
            _, base, amount, foreign = sums.get(share.tax_code, (share, ZERO, ZERO, ZERO))
            sums[share.tax_code] = (share, base + net, amount + tax, foreign + share.tax)
    for share, base, amount, foreign in sums.values():
        code, role = share.tax_code, share.vat_role
        if share.way == TaxWay.INPUT:
            side.add(amount, foreign, role=role, tax_code=code, taxable_amount=base)
            continue
        own, home = percent_of(base, share.rate, facts.base_currency), facts.base_currency
        side.add(own, own, currency=home, role=role, tax_code=code, taxable_amount=base)
        side.add(
            own,
            own,
            currency=home,
            turned=True,
            role=share.counter_role,
            tax_code=code,
            taxable_amount=base,
        )


def _add_customs(side: _Side, facts: PurchaseFacts, share: CostShare, net: Decimal) -> None:
    """Add a line that is itself VAT paid at customs; the declaration's value is what it was computed on."""
    if share.customs_value is not None:
        value = product(share.customs_value, facts.rate, facts.base_currency)
    else:
        value = ratio_of(net, HUNDRED, share.rate, facts.base_currency)
    side.add(net, share.net, role=share.vat_role, tax_code=share.tax_code, taxable_amount=value)
