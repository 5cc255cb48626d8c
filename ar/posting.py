"""The journal of each receivables document (accounting.md section 4: S1, S3, S4). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from ledger.posting import JournalDraft, PostingLine, convert_document


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
class SaleFacts:
    """What the journal of a sales document needs. Amounts in `currency`, posted at the frozen `rate`."""

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


@dataclass(frozen=True, slots=True)
class PostedAmounts:
    """What a document amounts to in base currency, frozen at posting (FT-4)."""

    total: Decimal
    tax: Decimal


def base_amounts(
    facts: SaleFacts,
) -> tuple[PostedAmounts, tuple[Decimal, ...], tuple[Decimal, ...]]:
    """Return (totals, VAT shares, revenue shares) in base currency; the parts add up to the total."""
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


def _draft(facts: SaleFacts, *, credit: bool) -> tuple[JournalDraft | None, PostedAmounts]:
    amounts, taxes, nets = base_amounts(facts)
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
            party_kind="customer",
            party_id=facts.party_id,
        )
    ]
    for share, base in zip(facts.revenue, nets, strict=True):
        if base:
            lines.append(
                line(
                    "sales_returns" if credit else share.role,
                    base,
                    share.net,
                    to_debit=credit,
                    tax_code=share.tax_code,
                    taxable_amount=base,
                )
            )
    for vat, base in zip(facts.vat, taxes, strict=True):
        if base:
            lines.append(
                line(
                    vat.role,
                    base,
                    vat.tax,
                    to_debit=credit,
                    tax_code=vat.tax_code,
                    taxable_amount=vat.taxable,
                )
            )
    draft = JournalDraft(
        date=facts.date,
        book="SAL",
        kind="normal",
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


def post_invoice(facts: SaleFacts) -> tuple[JournalDraft | None, PostedAmounts]:
    """S1: D receivable t; C revenue by VAT code n; C output VAT v. A zero invoice has no journal."""
    return _draft(facts, credit=False)


def post_credit_note(facts: SaleFacts) -> tuple[JournalDraft | None, PostedAmounts]:
    """S3, S4: D sales returns n; D output VAT v; C receivable t."""
    return _draft(facts, credit=True)
