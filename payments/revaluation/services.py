"""Revalue foreign items at the end of a period, once; the entry reverses itself on the first day of the next one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from core.errors import N_, DomainError
from core.ids import uuid5_of
from core.transactions import write
from ledger.errors import RateMissing
from ledger.models import JournalEntry, JournalLine, Period
from ledger.posting import JournalDraft, PostingLine
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.rates import RateQuote, rate_quote
from payments.revaluation.items import ForeignItem, foreign_items
from payments.revaluation.posting import SOURCE, revaluation_draft, undo_draft
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

ZERO = Decimal(0)


class RevaluationRefused(DomainError):
    """The period cannot be revalued or taken back now."""

    code = "revaluation_refused"
    status = 409


@dataclass(frozen=True, slots=True)
class RevaluedItem:
    """An item with its closing rate; `quote` None while the rate is missing."""

    item: ForeignItem
    quote: RateQuote | None
    value: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class RevaluationPreview:
    """What revaluing a period books: items, what is missing, and the entry when it is done."""

    period: Period
    items: tuple[RevaluedItem, ...]
    missing: tuple[RateMissing, ...]
    entry: JournalEntry | None

    @property
    def gain(self) -> Decimal:
        """The sum of the gains, in base currency."""
        return sum((max(one.difference or ZERO, ZERO) for one in self.items), ZERO)

    @property
    def loss(self) -> Decimal:
        """The sum of the losses, in base currency, positive."""
        return sum((max(-(one.difference or ZERO), ZERO) for one in self.items), ZERO)


def _source_id(period: Period) -> uuid.UUID:
    return uuid5_of(current_company_id(), SOURCE, period.start_date)


def _entries(period: Period) -> list[JournalEntry]:
    """Return the period's revaluations and their undoings, oldest first, without the automatic reversals."""
    return list(
        JournalEntry.objects.filter(
            source_kind=SOURCE, source_id=_source_id(period), reverses__isnull=True
        ).order_by("posted_at", "id")
    )


def revaluation_of(period: Period) -> JournalEntry | None:
    """Return the entry that revalued the period, or None while it is not or was taken back."""
    entries = _entries(period)
    if entries and entries[-1].purpose.startswith("post-"):
        return entries[-1]
    return None


def _quotes(
    items: list[ForeignItem], *, day: dt.date, base_currency: str
) -> tuple[dict[str, RateQuote], tuple[RateMissing, ...]]:
    found, missing = {}, []
    for currency in sorted({item.currency for item in items}):
        try:
            found[currency] = rate_quote(currency=currency, base_currency=base_currency, date=day)
        except RateMissing as error:
            missing.append(error)
    return found, tuple(missing)


def revaluation_preview(period: Period, *, base_currency: str) -> RevaluationPreview:
    """Return the items of a period with the rates of its last day. Nothing is stored."""
    items = foreign_items(day=period.end_date, base_currency=base_currency)
    entry = revaluation_of(period)
    if entry is not None:
        posted = _posted_differences(entry)
        items = [_before(item, posted) for item in items]
    quotes, missing = _quotes(items, day=period.end_date, base_currency=base_currency)
    return RevaluationPreview(
        period,
        tuple(_revalued(item, quotes.get(item.currency), base_currency) for item in items),
        missing,
        entry,
    )


def _posted_differences(entry: JournalEntry) -> dict[uuid.UUID, Decimal]:
    """Return what the entry booked on payment accounts; the carrying amounts of documents do not contain it."""
    lines = JournalLine.objects.filter(entry_id=entry.pk, party_id__isnull=True)
    return {line.account_id: line.debit - line.credit for line in lines}


def _before(item: ForeignItem, posted: dict[uuid.UUID, Decimal]) -> ForeignItem:
    if item.party_id is not None or item.account_id not in posted:
        return item
    return ForeignItem(
        item.account_id,
        item.account_code,
        item.party_kind,
        item.party_id,
        item.name,
        item.currency,
        item.documents,
        item.open,
        item.carrying - posted[item.account_id],
    )


def _revalued(item: ForeignItem, quote: RateQuote | None, base_currency: str) -> RevaluedItem:
    if quote is None:
        return RevaluedItem(item, None, None, None)
    return RevaluedItem(
        item,
        quote,
        item.value_at(quote.rate, base_currency),
        item.difference_at(quote.rate, base_currency),
    )


def _locked(period_id: uuid.UUID) -> Period:
    period: Period = Period.objects.select_for_update().get(pk=period_id)
    return period


@write
def revaluation_post(*, period_id: uuid.UUID, actor: Principal) -> JournalEntry | None:
    """Post the revaluation of a period and its reversal on the next day; None when nothing differs.

    Raises RevaluationRefused when it is done already, RateMissing, PermissionRefused.
    """
    require(actor, "ledger.revaluation.post")
    period = _locked(period_id)
    if revaluation_of(period) is not None:
        raise RevaluationRefused(N_("The period is revalued already. Take that back first."))
    base = actor.currency
    items = foreign_items(day=period.end_date, base_currency=base)
    quotes, missing = _quotes(items, day=period.end_date, base_currency=base)
    if missing:
        raise missing[0]
    draft = revaluation_draft(
        items,
        rates={currency: quote.rate for currency, quote in quotes.items()},
        date=period.end_date,
        source_id=_source_id(period),
        purpose=f"post-{len(_entries(period)) + 1}",
        base_currency=base,
    )
    return None if draft is None else _post_with_reversal(draft)


def _post_with_reversal(draft: JournalDraft) -> JournalEntry:
    entry_id = journal_post([draft])[0]
    journal_reverse(
        entry_id=entry_id,
        date=draft.date + dt.timedelta(days=1),
        purpose=f"reverse-{draft.purpose}",
    )
    entry: JournalEntry = JournalEntry.objects.get(pk=entry_id)
    return entry


@write
def revaluation_undo(*, period_id: uuid.UUID, actor: Principal) -> JournalEntry:
    """Take the revaluation of a period back, on its own day and on the next; then it may be posted again.

    Raises RevaluationRefused, PermissionRefused.
    """
    require(actor, "ledger.revaluation.post")
    period = _locked(period_id)
    entry = revaluation_of(period)
    if entry is None:
        raise RevaluationRefused(N_("The period is not revalued."))
    purpose = f"undo-{len(_entries(period)) + 1}"
    return _post_with_reversal(undo_draft(_draft_of(entry), purpose=purpose))


def _draft_of(entry: JournalEntry) -> JournalDraft:
    lines = JournalLine.objects.filter(entry_id=entry.pk).order_by("position")
    return JournalDraft(
        date=entry.date,
        book=entry.book,
        kind=entry.kind,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        source_number=entry.source_number,
        purpose=entry.purpose,
        description=entry.description,
        currency=entry.currency,
        lines=tuple(
            PostingLine(
                account_id=line.account_id,
                debit=line.debit,
                credit=line.credit,
                currency=line.currency,
                party_kind=line.party_kind,
                party_id=line.party_id,
                description=line.description,
            )
            for line in lines
        ),
    )
