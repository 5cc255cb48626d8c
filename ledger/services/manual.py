"""Journals by hand: draft, change, delete, post, reverse (issue 3, item 5)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from core.errors import N_, DomainError
from core.inputs import clean_text
from core.transactions import write
from documents.services.numbering import format_number, numbers_take
from documents.versions import Conflict
from ledger.errors import JournalNotFound, JournalPosted, PeriodClosed, PeriodMissing
from ledger.manual_posting import SOURCE, HandFacts, HandLine, hand_entry
from ledger.models import JournalEntry, ManualJournal, ManualJournalLine, Period
from ledger.services.accruals import accruals_reverse
from ledger.services.hand_lines import lines_checked
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.rates import rate_on
from ledger.typed import TypedJournal, TypedJournalLine
from tenancy.models import Branch
from tenancy.permissions import require
from tenancy.principal import Principal

PREFIX = "JV"
PERMISSION = "ledger.journal.post"


def _locked(journal_id: uuid.UUID) -> ManualJournal:
    journal = ManualJournal.objects.select_for_update().filter(pk=journal_id).first()
    if journal is None:
        raise JournalNotFound(N_("There is no such journal."))
    return journal


def _require_draft(journal: ManualJournal) -> None:
    if journal.status != ManualJournal.Status.DRAFT:
        raise JournalPosted(N_("A posted journal never changes; post a reversal."))


def _require_version(journal: ManualJournal, version: int | None) -> None:
    if version is not None and version != journal.version:
        raise Conflict(current_version=journal.version, changes={})


def require_period(date: dt.date, *, field: str = "date") -> None:
    """Refuse a day without an open period, naming the first open day after it; the database decides in the end."""
    period = Period.objects.filter(start_date__lte=date, end_date__gte=date).first()
    if period is None:
        raise PeriodMissing(N_("There is no accounting period for this date."), field=field)
    if period.state != Period.State.CLOSED:
        return
    following = (
        Period.objects.filter(start_date__gt=date)
        .exclude(state=Period.State.CLOSED)
        .order_by("start_date")
        .first()
    )
    if following is None:
        raise PeriodClosed(N_("The accounting period of this date is closed."), field=field)
    raise PeriodClosed(
        N_("The accounting period of this date is closed. The first open day is %(day)s."),
        field=field,
        params={"day": following.start_date.isoformat()},
    )


def _inventory_method(actor: Principal) -> str:
    return str(actor.company.get("inventory_method") or "manual")


def _fill(journal: ManualJournal, typed: TypedJournal, actor: Principal) -> list[HandLine]:
    """Put what was typed on the header; returns its checked lines."""
    lines = lines_checked(typed.lines, inventory_method=_inventory_method(actor))
    journal.date, journal.kind, journal.currency = typed.date, typed.kind, typed.currency
    journal.rate = typed.rate or rate_on(
        currency=typed.currency, base_currency=actor.currency, date=typed.date
    )
    journal.reference, journal.description = typed.reference, typed.description
    journal.external_id = typed.external_id
    journal.total = sum((line.debit for line in lines), start=type(journal.rate)(0))
    journal.line_count = len(lines)
    return lines


def _store_lines(journal: ManualJournal, lines: list[HandLine]) -> None:
    ManualJournalLine.objects.bulk_create(
        ManualJournalLine(
            journal_id=journal.pk,
            position=position,
            account_id=line.account_id,
            debit=line.debit,
            credit=line.credit,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            taxable_amount=line.taxable_amount,
            description=line.description,
        )
        for position, line in enumerate(lines, start=1)
    )


def _branch(actor: Principal) -> uuid.UUID:
    if actor.branch_id:
        return uuid.UUID(actor.branch_id)
    branch: Branch = Branch.objects.get(is_default=True)
    return branch.pk


def draft_store(
    *,
    typed: TypedJournal,
    actor: Principal,
    recurring_id: uuid.UUID | None = None,
    recurring_date: dt.date | None = None,
) -> ManualJournal:
    """Store a checked draft; for services that have asked for the permission."""
    journal = ManualJournal(
        branch_id=_branch(actor),
        created_by_id=actor.user_id,
        recurring_id=recurring_id,
        recurring_date=recurring_date,
    )
    if typed.external_id:
        _require_new(typed.external_id)
    lines = _fill(journal, typed, actor)
    journal.save(force_insert=True)
    _store_lines(journal, lines)
    return journal


def _require_new(external_id: str, journal_id: uuid.UUID | None = None) -> None:
    taken = ManualJournal.objects.filter(external_id=external_id)
    if (taken.exclude(pk=journal_id) if journal_id else taken).exists():
        raise DomainError(
            N_("This id was imported already."), code="duplicate_external_id", field="external_id"
        )


@write
def manual_create(*, typed: TypedJournal, actor: Principal) -> ManualJournal:
    """Store a draft; it may be out of balance. Raises ValidationErrors naming each wrong cell."""
    require(actor, PERMISSION)
    return draft_store(typed=typed, actor=actor)


@write
def manual_update(*, journal_id: uuid.UUID, typed: TypedJournal, actor: Principal) -> ManualJournal:
    """Replace a draft by what was typed. Raises JournalPosted, Conflict."""
    require(actor, PERMISSION)
    journal = _locked(journal_id)
    _require_draft(journal)
    _require_version(journal, typed.version)
    if typed.external_id:
        _require_new(typed.external_id, journal.pk)
    lines = _fill(journal, typed, actor)
    ManualJournalLine.objects.filter(journal_id=journal.pk).delete()
    _store_lines(journal, lines)
    journal.version += 1
    journal.save()
    return journal


@write
def manual_delete(*, journal_id: uuid.UUID, actor: Principal) -> None:
    """Delete a draft. Raises JournalPosted."""
    require(actor, PERMISSION)
    journal = _locked(journal_id)
    _require_draft(journal)
    journal.delete()


@write
def manual_post(
    *, journal_id: uuid.UUID, actor: Principal, version: int | None = None
) -> ManualJournal:
    """Post a draft: number, balanced entry; an accrual's reversal at once where its period is there already.

    Raises UnbalancedJournal naming the difference, ValidationErrors, PeriodClosed, JournalPosted, Conflict.
    """
    require(actor, PERMISSION)
    journal = _locked(journal_id)
    _require_draft(journal)
    _require_version(journal, version)
    stored = list(ManualJournalLine.objects.filter(journal_id=journal.pk).order_by("position"))
    # accounts may have been closed since the draft was stored
    lines = lines_checked(stored_lines(stored), inventory_method=_inventory_method(actor))
    return _post(journal, lines, actor)


@write
def manual_create_posted(*, typed: TypedJournal, actor: Principal) -> ManualJournal:
    """Store and post in one step."""
    require(actor, PERMISSION)
    journal = draft_store(typed=typed, actor=actor)
    return manual_post(journal_id=journal.pk, actor=actor)


def _post(journal: ManualJournal, lines: list[HandLine], actor: Principal) -> ManualJournal:
    require_period(journal.date)
    facts = HandFacts(
        id=journal.pk,
        number="",
        date=journal.date,
        kind=journal.kind,
        currency=journal.currency,
        base_currency=actor.currency,
        rate=journal.rate,
        description=journal.description,
        lines=lines,
    )
    hand_entry(facts)  # refused before a number is taken and its counter locked
    series, (number,) = numbers_take(
        branch_id=journal.branch_id, kind=SOURCE, prefix=PREFIX, year=journal.date.year
    )
    journal.series, journal.sequence_number = series, number
    journal.number = facts.number = format_number(series, number)
    (entry_id,) = journal_post([hand_entry(facts)])
    journal.status = ManualJournal.Status.POSTED
    journal.posted_at, journal.posted_by_id = timezone.now(), actor.user_id
    journal.version += 1
    journal.save()
    if journal.kind == JournalEntry.Kind.ACCRUAL:
        accruals_reverse(entry_ids=[entry_id])
    return journal


@write
def manual_reverse(
    *, journal_id: uuid.UUID, date: dt.date, reason: str, actor: Principal
) -> ManualJournal:
    """Post the mirror entry on a day not before the journal's. Raises JournalPosted, PeriodClosed."""
    require(actor, PERMISSION)
    journal = _locked(journal_id)
    if journal.status == ManualJournal.Status.DRAFT:
        raise JournalPosted(N_("A draft is deleted, not reversed."), code="journal_draft")
    why = clean_text(reason, field="reason", min_length=3, max_length=300)
    if date < journal.date:
        raise DomainError(
            N_("A reversal is not dated before its journal."), code="too_early", field="date"
        )
    entry = JournalEntry.objects.get(source_kind=SOURCE, source_id=journal.pk, purpose="post")
    if JournalEntry.objects.filter(reverses_id=entry.pk).exists():
        raise JournalPosted(N_("This was reversed already."), code="already_reversed")
    require_period(date)
    journal_reverse(entry_id=entry.pk, date=date, description=why)
    journal.status = ManualJournal.Status.REVERSED
    journal.reverse_reason = why
    journal.version += 1
    journal.save(update_fields=["status", "reverse_reason", "version", "updated_at"])
    return journal


def stored_lines(lines: list[ManualJournalLine]) -> tuple[TypedJournalLine, ...]:
    """Return stored lines as typed ones."""
    return tuple(
        TypedJournalLine(
            account_id=line.account_id,
            account_code="",
            debit=line.debit,
            credit=line.credit,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            taxable_amount=line.taxable_amount,
            description=line.description,
        )
        for line in lines
    )
