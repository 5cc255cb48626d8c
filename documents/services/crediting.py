"""Taking back a posted document in part or in whole: the steps that credit notes and supplier credits share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.errors import DomainError
from core.ids import uuid7
from core.money import ZERO, product
from documents.crediting import Credit, credit_of, everything_left
from documents.errors import TransitionRefused
from documents.lifecycle import Status
from documents.models import DocumentHeader, DocumentLine
from documents.selectors.crediting import Crediting, credited_of, credited_sums, sold_of
from documents.services.lines import lines_of
from documents.stored import breakdown_to_json
from documents.typed_credit import TypedCreditBase
from tenancy.principal import Principal

#: States of a document that can be credited: everything posted that is not void.
CREDITABLE = (Status.POSTED, Status.PARTIALLY_PAID, Status.PAID)
#: Columns of a line that its credit repeats.
_REPEATED = (
    "item_id",
    "item_code",
    "description",
    "description_arabic",
    "tax_category",
    "tax_rate",
    "tax_code",
)


def require_creditable(document: DocumentHeader, refused: str) -> None:
    """Raise TransitionRefused for a draft, which is edited instead, and for a void document."""
    if document.status not in CREDITABLE:
        raise TransitionRefused(refused)


def credit_build(
    how: Crediting,
    document: DocumentHeader,
    typed: TypedCreditBase,
    *,
    actor: Principal,
    too_early: str,
    check: Callable[[Credit], None] = lambda credit: None,
    **own: Any,
) -> tuple[Any, list[Any]]:
    """Return the unsaved credit with its lines and amounts; the preview and the service share it.

    `own` are the credit's own columns, `check` what the kind refuses besides, `too_early` what is said of a date before
    the document's. Raises CreditTooMuch with the row that asks for more than is left.
    """
    lines = lines_of(how.source, document.pk)
    sold, credited = sold_of(document, lines), credited_of(how, document.pk)
    wanted = everything_left(sold, credited) if typed.whole else typed.lines
    credit = credit_of(sold, credited, wanted)
    check(credit)
    header = how.credit.header(
        id=uuid7(),
        branch_id=document.branch_id,
        reason=typed.reason,
        reference=document.number,
        notes=typed.notes,
        issue_date=_issue_date(document, typed.date, too_early),
        supply_date=document.supply_date,
        currency=document.currency,
        exchange_rate=document.exchange_rate,
        rate_source=document.rate_source,
        rate_date=document.rate_date,
        rate_reason=document.rate_reason,
        prices_include_tax=document.prices_include_tax,
        document_discount=credit.document_discount,
        subtotal=credit.subtotal,
        tax_amount=credit.tax_amount,
        total=credit.total,
        tax_breakdown=breakdown_to_json(credit.categories),
        line_count=len(credit.lines),
        created_by_id=actor.user_id,
        **{how.source_field: document.pk},
        **own,
    )
    return header, _lines(how, header, credit, lines)


def _issue_date(document: DocumentHeader, typed: dt.date | None, too_early: str) -> dt.date:
    if typed is None:
        return max(document.issue_date, timezone.localdate())
    if typed < document.issue_date:
        raise DomainError(too_early, code="too_early", field="date")
    return typed


def _lines(
    how: Crediting, header: DocumentHeader, credit: Credit, sold_lines: Sequence[DocumentLine]
) -> list[Any]:
    sold = {line.pk: line for line in sold_lines}
    names = (*_REPEATED, *how.credit.line_fields)
    rows = []
    for position, part in enumerate(credit.lines, start=1):
        line = sold[part.line_id]
        rows.append(
            how.credit.line(
                document_id=header.pk,
                position=position,
                price_only=part.price_only,
                priced_amount=part.priced,
                quantity=part.quantity,
                unit="" if part.price_only else line.unit,
                unit_price=part.unit_price,
                discount_percent=ZERO if part.price_only else line.discount_percent,
                discount_amount=part.discount,
                net_amount=part.net,
                tax_amount=part.tax,
                gross_amount=part.net + part.tax,
                **{how.line_field: line.pk},
                **{name: getattr(line, name) for name in names},
            )
        )
    return rows


def base_left(
    how: Crediting, document: DocumentHeader, credit: DocumentHeader, *, base_currency: str
) -> tuple[Decimal, Decimal]:
    """Return total and VAT of a credit in base currency: what it brings the credited sum to, less what was credited before.

    The last one takes what is left of the document's own base amounts, so no residue stays (accounting.md section 1).
    """
    if (credit.total, credit.tax_amount) == (document.total, document.tax_amount):
        # over all of the document: nothing was credited before
        return document.base_total, document.base_tax_amount
    credited = credited_sums(how, document.pk)
    rate = document.exchange_rate

    def step(
        part: Decimal, before: Decimal, whole: Decimal, base: Decimal, taken: Decimal
    ) -> Decimal:
        if before + part == whole:
            return base - taken
        return min(product(before + part, rate, base_currency), base) - taken

    tax = step(
        credit.tax_amount or ZERO,
        credited.tax,
        document.tax_amount or ZERO,
        document.base_tax_amount,
        credited.base_tax,
    )
    total = step(
        credit.total or ZERO,
        credited.total,
        document.total or ZERO,
        document.base_total,
        credited.base_total,
    )
    return total, min(tax, total)
