"""Recurring journals: each due date makes one journal, by beat or by button (issue 3, item 5).

(schedule, due date) is unique in the database, so a run that is repeated, or runs twice at once, makes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from core.dates import add_months
from core.errors import N_, DomainError
from core.transactions import write
from documents.versions import Conflict
from ledger.errors import JournalNotFound
from ledger.models import JournalTemplateLine, ManualJournal, RecurringJournal
from ledger.services.manual import PERMISSION, draft_store, manual_post
from ledger.services.templates import journal_from_template, template_get
from tenancy.context import company_scope, current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal, resolve

MONTHS = {"monthly": 1, "quarterly": 3}
#: A schedule that began long ago catches up in steps.
MOST_AT_ONCE = 60


def due_date(schedule: RecurringJournal, run: int) -> dt.date | None:
    """Return the due date number `run` (0 first), or None after the last. Always counted from the first date."""
    day = add_months(schedule.start_date, MONTHS[schedule.frequency] * run)
    return None if schedule.end_date is not None and day > schedule.end_date else day


def next_dates(schedule: RecurringJournal, count: int = 3) -> list[dt.date]:
    """Return the next due dates, at most `count`."""
    if not schedule.is_active:
        return []
    days = (due_date(schedule, schedule.runs + step) for step in range(count))
    return [day for day in days if day is not None]


def _check(schedule: RecurringJournal) -> None:
    if schedule.frequency not in MONTHS:
        raise DomainError(N_("Choose monthly or quarterly."), field="frequency")
    if schedule.end_date is not None and schedule.end_date < schedule.start_date:
        raise DomainError(N_("The last date is not before the first."), field="end_date")
    lines = list(JournalTemplateLine.objects.filter(template_id=schedule.template_id))
    modes = {line.mode for line in lines}
    if JournalTemplateLine.Mode.PERCENT in modes and schedule.amount is None:
        raise DomainError(
            N_("This template takes percents: enter the amount."), code="required", field="amount"
        )
    if JournalTemplateLine.Mode.EMPTY in modes and schedule.post:
        raise DomainError(
            N_("Amounts typed each time make drafts; such a journal cannot be posted by itself."),
            field="post",
        )


@write
def recurring_create(
    *,
    template_id: uuid.UUID,
    frequency: str,
    start_date: dt.date,
    end_date: dt.date | None = None,
    amount: Decimal | None = None,
    post: bool = False,
    actor: Principal,
) -> RecurringJournal:
    """Schedule a template. Its journals are made in the name of `actor`."""
    require(actor, PERMISSION)
    schedule = RecurringJournal(
        template=template_get(template_id),
        frequency=frequency,
        start_date=start_date,
        end_date=end_date,
        next_date=start_date,
        amount=amount,
        post=post,
        created_by_id=actor.user_id,
    )
    _check(schedule)
    schedule.save(force_insert=True)
    return schedule


@write
def recurring_update(
    *,
    schedule_id: uuid.UUID,
    end_date: dt.date | None,
    amount: Decimal | None,
    post: bool,
    is_active: bool,
    version: int | None = None,
    actor: Principal,
) -> RecurringJournal:
    """Change what is still to come; first date and frequency stay, so that no date is done twice."""
    require(actor, PERMISSION)
    schedule = _locked(schedule_id)
    if version is not None and version != schedule.version:
        raise Conflict(current_version=schedule.version, changes={})
    schedule.end_date, schedule.amount = end_date, amount
    schedule.post, schedule.is_active = post, is_active
    _check(schedule)
    schedule.next_date = due_date(schedule, schedule.runs)
    schedule.created_by_id = actor.user_id
    schedule.version += 1
    schedule.save()
    return schedule


def _locked(schedule_id: uuid.UUID) -> RecurringJournal:
    schedule = RecurringJournal.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None:
        raise JournalNotFound(N_("There is no such schedule."))
    return schedule


@write
def recurring_run(*, schedule_id: uuid.UUID, today: dt.date, actor: Principal) -> int:
    """Make the journals of one schedule that are due by `today`; returns how many. A refusal is kept on the schedule."""
    require(actor, PERMISSION)
    schedule = _locked(schedule_id)
    made = 0
    while (
        schedule.is_active
        and made < MOST_AT_ONCE
        and (day := due_date(schedule, schedule.runs)) is not None
        and day <= today
    ):
        if not _run_once(schedule, day, actor):
            break
        made += 1
    schedule.save()
    return made


def _run_once(schedule: RecurringJournal, day: dt.date, actor: Principal) -> bool:
    schedule.last_run_at, schedule.last_date = timezone.now(), day
    try:
        with transaction.atomic():
            journal = _make(schedule, day, actor)
    except DomainError as error:
        schedule.last_result = RecurringJournal.Result.FAILED
        errors = getattr(error, "errors", [error])
        schedule.last_message = " ".join(str(one) for one in errors)[:500]
        return False
    schedule.last_result = (
        RecurringJournal.Result.DRAFT
        if journal.status == ManualJournal.Status.DRAFT
        else RecurringJournal.Result.POSTED
    )
    schedule.last_message = ""
    schedule.runs += 1
    schedule.next_date = due_date(schedule, schedule.runs)
    return True


def _make(schedule: RecurringJournal, day: dt.date, actor: Principal) -> ManualJournal:
    existing = ManualJournal.objects.filter(recurring_id=schedule.pk, recurring_date=day).first()
    if existing is not None:
        return existing
    journal = draft_store(
        typed=journal_from_template(
            template=template_get(schedule.template_id), date=day, amount=schedule.amount
        ),
        actor=actor,
        recurring_id=schedule.pk,
        recurring_date=day,
    )
    return manual_post(journal_id=journal.pk, actor=actor) if schedule.post else journal


def recurring_run_due(*, today: dt.date) -> int:
    """Run every schedule of the company that is due, each in the name of whoever set it up; returns the journals made.

    For the daily task: one transaction for each schedule, so that one that fails keeps none of the others waiting.
    """
    with transaction.atomic():
        due = list(
            RecurringJournal.objects.filter(is_active=True, next_date__lte=today)
            .order_by("next_date", "id")
            .values_list("pk", "created_by_id")
        )
    made = 0
    for schedule_id, user_id in due:
        actor = resolve(user_id, current_company_id()) if user_id else None
        if actor is None or not actor.has(PERMISSION):
            _note(
                schedule_id=schedule_id,
                message=N_("Whoever set this up may not post journals any more."),
            )
            continue
        with company_scope(
            current_company_id(), actor_id=actor.user_id, role=actor.role, cause="recurring_journal"
        ):
            made += recurring_run(schedule_id=schedule_id, today=today, actor=actor)
    return made


@write
def _note(*, schedule_id: uuid.UUID, message: str) -> None:
    RecurringJournal.objects.filter(pk=schedule_id).update(
        last_result=RecurringJournal.Result.FAILED,
        last_message=message,
        last_run_at=timezone.now(),
    )
