"""The journals of bank lines (accounting.md section 4: R3 settlement, bank charges, T2, transfers, suspense). Pure.

Amounts of lines are in the payment account's currency; `base` says what one is in base currency.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_
from core.money import HUNDRED, ZERO, product, quantize
from ledger.posting import JournalDraft, PostingLine
from payments.bank.errors import AccountRefused, MatchDiffers

SOURCE_KIND = "payments.bank_line"


@dataclass(frozen=True, slots=True)
class LinePosting:
    """The money side of a bank line's journal. `amount` positive: money in."""

    match_id: uuid.UUID
    date: dt.date
    account_id: uuid.UUID
    amount: Decimal
    currency: str
    rate: Decimal
    base_currency: str
    number: str = ""
    description: str = ""

    @property
    def base_amount(self) -> Decimal:
        """The amount in base currency, signed."""
        return product(self.amount, self.rate, self.base_currency)


@dataclass(frozen=True, slots=True)
class VatCode:
    """What splitting an amount needs of a VAT code. No `vat_role`: the VAT is part of the cost."""

    code: str
    rate: Decimal
    vat_role: str = ""
    counter_role: str = ""


def included_vat(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Return the VAT inside an amount: round(gross x rate / (100 + rate))."""
    return quantize(gross * rate / (HUNDRED + rate), currency)


def _line(
    facts: LinePosting,
    base: Decimal,
    amount: Decimal,
    *,
    role: str = "",
    account_id: uuid.UUID | None = None,
    vat: VatCode | None = None,
    taxable: Decimal | None = None,
) -> PostingLine:
    """Return one side; positive amounts are debits."""
    return PostingLine(
        role=role,
        account_id=account_id,
        debit=max(base, ZERO),
        credit=max(-base, ZERO),
        currency=facts.currency,
        amount_currency=amount,
        tax_code=vat.code if vat else "",
        taxable_amount=taxable,
    )


def _draft(facts: LinePosting, lines: list[PostingLine], *, book: str = "") -> JournalDraft:
    return JournalDraft(
        date=facts.date,
        book=book or ("REC" if facts.amount > 0 else "PAY"),
        source_kind=SOURCE_KIND,
        source_id=facts.match_id,
        source_number=facts.number,
        description=facts.description[:300],
        currency=facts.currency,
        rate=facts.rate,
        # a settlement without a fee has no fee line
        lines=tuple(line for line in lines if line.debit or line.credit),
    )


def post_to_account(
    facts: LinePosting, *, account_id: uuid.UUID, vat: VatCode | None = None
) -> JournalDraft:
    """A charge, an interest, a tax payment: the account against the payment account, its VAT apart.

    The amount includes the VAT. Reverse charge (a code with a counter account) books both sides on top of it (P8).
    """
    base, amount = facts.base_amount, facts.amount
    money = _line(facts, base, amount, account_id=facts.account_id)
    if vat is None:
        return _draft(facts, [money, _line(facts, -base, -amount, account_id=account_id)])
    if vat.counter_role:
        return _draft(facts, [money, *_reverse_charge(facts, account_id, vat)])
    if not vat.vat_role or not vat.rate:
        # nothing to recover or to pay: zero rated, exempt, or VAT that becomes cost
        net = _line(facts, -base, -amount, account_id=account_id, vat=vat, taxable=abs(base))
        return _draft(facts, [money, net])
    tax = included_vat(abs(amount), vat.rate, facts.currency)
    base_tax = product(tax, facts.rate, facts.base_currency)
    sign = 1 if amount > 0 else -1
    net_base = abs(base) - base_tax
    return _draft(
        facts,
        [
            money,
            _line(
                facts,
                -sign * net_base,
                -sign * (abs(amount) - tax),
                account_id=account_id,
                vat=vat,
                taxable=net_base,
            ),
            _line(
                facts, -sign * base_tax, -sign * tax, role=vat.vat_role, vat=vat, taxable=net_base
            ),
        ],
    )


def _reverse_charge(facts: LinePosting, account_id: uuid.UUID, vat: VatCode) -> list[PostingLine]:
    if facts.amount > 0:
        raise AccountRefused(
            N_("Reverse charge is for money paid."), code="wrong_tax_code", field="tax_code"
        )
    base, amount = -facts.base_amount, -facts.amount
    tax = quantize(amount * vat.rate / HUNDRED, facts.currency)
    base_tax = quantize(base * vat.rate / HUNDRED, facts.base_currency)
    return [
        _line(facts, base, amount, account_id=account_id, vat=vat, taxable=base),
        _line(facts, base_tax, tax, role=vat.vat_role, vat=vat, taxable=base),
        _line(facts, -base_tax, -tax, role=vat.counter_role, vat=vat, taxable=base),
    ]


def post_settlement(
    facts: LinePosting,
    *,
    clearing_account_id: uuid.UUID,
    gross: Decimal,
    vat: VatCode | None,
    fee_account_id: uuid.UUID | None = None,
) -> JournalDraft:
    """R3: D bank net, D card fees, D input VAT of the fee, C clearing gross. Raises MatchDiffers."""
    withheld = gross - facts.amount
    if withheld < 0 or facts.amount <= 0:
        raise MatchDiffers(
            N_("The receipts of %(gross)s are less than what the bank paid, %(net)s."),
            field="entries",
            params={"gross": gross, "net": facts.amount},
        )
    tax = included_vat(withheld, vat.rate, facts.currency) if vat and vat.vat_role else ZERO
    base_gross = product(gross, facts.rate, facts.base_currency)
    base_withheld = base_gross - facts.base_amount
    base_tax = product(tax, facts.rate, facts.base_currency)
    base_fee = base_withheld - base_tax
    lines = [
        _line(facts, facts.base_amount, facts.amount, account_id=facts.account_id),
        _line(
            facts,
            base_fee,
            withheld - tax,
            role="" if fee_account_id else "card_fees",
            account_id=fee_account_id,
            vat=vat,
            taxable=base_fee if vat else None,
        ),
        _line(facts, -base_gross, -gross, account_id=clearing_account_id),
    ]
    if vat and tax:
        lines.insert(2, _line(facts, base_tax, tax, role=vat.vat_role, vat=vat, taxable=base_fee))
    return _draft(facts, lines)


def post_transfer(facts: LinePosting, *, other_account_id: uuid.UUID) -> JournalDraft:
    """Money between two own accounts of one currency."""
    base, amount = facts.base_amount, facts.amount
    return _draft(
        facts,
        [
            _line(facts, base, amount, account_id=facts.account_id),
            _line(facts, -base, -amount, account_id=other_account_id),
        ],
        book="PAY",
    )


def post_suspense(facts: LinePosting) -> JournalDraft:
    """Money that nobody knows yet: `bank_suspense`, until it is known."""
    base, amount = facts.base_amount, facts.amount
    return _draft(
        facts,
        [
            _line(facts, base, amount, account_id=facts.account_id),
            _line(facts, -base, -amount, role="bank_suspense"),
        ],
    )
