"""The journal of each receivables document (accounting.md section 4: S1, S3, S4, S6, S9). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from core.money import distribute
from ledger.posting import JournalDraft, PostingLine, convert_document

#: Money a customer paid before the supply, with a tax invoice.
ADVANCES = "customer_advances"


@dataclass(frozen=True, slots=True)
class RevenueShare:
    """The taxable amount of one VAT code of a document, in its currency."""

    role: str
    tax_code: str
    net: Decimal


@dataclass(frozen=True, slots=True)
class VatShare:
    """The VAT of one VAT code of a document, in its currency."""

    role: str
    tax_code: str
    taxable: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class PostedAmounts:
    """What a document amounts to in base currency, frozen at posting (FT-4)."""

    total: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """What the journal of a sales document needs. Amounts in `currency`, posted at the frozen `rate`.

    `base`, when given, is what the document amounts to in base currency: a credit note takes back what is left of its
    invoice, so that several of them relieve it to the last halala.
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
    tax: Decimal
    revenue: tuple[RevenueShare, ...]
    vat: tuple[VatShare, ...]
    base: PostedAmounts | None = None


def base_amounts(
    facts: SaleFacts,
) -> tuple[PostedAmounts, tuple[Decimal, ...], tuple[Decimal, ...]]:
    """Return (totals, VAT shares, revenue shares) in base currency; the parts add up to the total."""
    if facts.base is not None:
        tax = facts.base.tax
        return (
            facts.base,
            tuple(distribute(tax, [share.tax for share in facts.vat], facts.base_currency)),
            tuple(
                distribute(
                    facts.base.total - tax,
                    [share.net for share in facts.revenue],
                    facts.base_currency,
                )
            ),
        )
    converted = convert_document(
        total=facts.total,
        taxes=tuple(share.tax for share in facts.vat),
        nets=tuple(share.net for share in facts.revenue),
        rate=facts.rate,
        currency=facts.currency,
        base_currency=facts.base_currency,
    )
    return (
        PostedAmounts(converted.total, sum(converted.taxes, Decimal(0))),
        converted.taxes,
        converted.nets,
    )


def _draft(
    facts: SaleFacts, *, credit: bool, role: str = "", book: str = "SAL", kind: str = "normal"
) -> tuple[JournalDraft | None, PostedAmounts]:
    """Write the journal; `role`, when given, takes the place of the revenue accounts."""
    amounts, taxes, nets = base_amounts(facts)
    party = {"party_kind": "customer", "party_id": facts.party_id}
    if amounts.total == 0:
        return None, amounts
    zero = Decimal(0)

    def line(
        role: str, base: Decimal, foreign: Decimal, *, to_debit: bool, **fields: object
    ) -> PostingLine:
        return PostingLine(
            role=role,
            debit=base if to_debit else zero,
            credit=zero if to_debit else base,
            currency=facts.currency,
            amount_currency=foreign if to_debit else -foreign,
            **fields,  # type: ignore[arg-type]
        )

    lines = [
        line(
            "ar_control",
            amounts.total,
            facts.total,
            to_debit=not credit,
            **party,
        )
    ]
    for share, base in zip(facts.revenue, nets, strict=True):
        if base:
            lines.append(
                line(
                    role or share.role,
                    base,
                    share.net,
                    to_debit=credit,
                    tax_code=share.tax_code,
                    taxable_amount=base,
                    # advances are kept by customer
                    **(party if role == ADVANCES else {}),
                )
            )
    taxable = {share.tax_code: base for share, base in zip(facts.revenue, nets, strict=True)}
    for vat, base in zip(facts.vat, taxes, strict=True):
        if base:
            lines.append(
                line(
                    vat.role,
                    base,
                    vat.tax,
                    to_debit=credit,
                    tax_code=vat.tax_code,
                    # in base currency like every amount of the journal: the VAT return adds them up
                    taxable_amount=taxable[vat.tax_code],
                )
            )
    draft = JournalDraft(
        date=facts.date,
        book=book,
        kind=kind,
        source_kind=facts.source_kind,
        source_id=facts.source_id,
        source_number=facts.number,
        purpose="post",
        description=facts.number,
        currency=facts.currency,
        rate=facts.rate,
        lines=tuple(lines),
    )
    return draft, amounts


def post_invoice(
    facts: SaleFacts, *, kind: str = "invoice"
) -> tuple[JournalDraft | None, PostedAmounts]:
    """S1, S6: D receivable t; C revenue by VAT code n; C output VAT v. A zero invoice has no journal.

    A prepayment invoice (S9) credits customer advances instead of revenue, an opening balance `opening_ar`.
    """
    if kind == "prepayment":
        return _draft(facts, credit=False, role=ADVANCES)
    if kind == "opening":
        return _draft(facts, credit=False, role="opening_ar", book="OPN", kind="opening")
    return _draft(facts, credit=False)


def post_credit_note(
    facts: SaleFacts, *, kind: str = "invoice"
) -> tuple[JournalDraft | None, PostedAmounts]:
    """S3, S4: D sales returns n; D output VAT v; C receivable t. `kind`: that of the document credited."""
    if kind == "opening":
        return _draft(facts, credit=True, role="opening_ar", book="OPN", kind="opening")
    return _draft(facts, credit=True, role=ADVANCES if kind == "prepayment" else "sales_returns")
