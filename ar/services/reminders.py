"""Reminders: decided and written in one transaction, sent by a worker after it (reliability.md part 6)."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation

from ar.errors import NoReminderDue
from ar.models import Customer, Reminder, ReminderItem, ReminderLevel
from ar.reminding import LEVELS, LevelText, filled
from ar.selectors.overdue import overdue_of
from ar.selectors.reminders import MOST_DUE, DueReminder, reminder_levels, reminders_due
from ar.statement_sheet import overdue_statement_pdf
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import quantize
from core.queue import enqueue_on_commit
from core.transactions import write
from documents.errors import DocumentNotFound, UnknownParty
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.permissions import require
from tenancy.principal import Principal

logger = logging.getLogger(__name__)

TASK = "ar.send_reminder"
MOST_ATTEMPTS = 5


@write
def reminders_send(
    *, customer_ids: Sequence[uuid.UUID], actor: Principal, today: dt.date
) -> list[Reminder]:
    """Write the reminders that these customers are due today and hand them to the worker. Constant statements.

    Customers without an e-mail address, on the stop list or with nothing due are left out. The same level never goes
    out twice for one invoice: the customers' rows are locked while this is decided, and the database has a key for it.
    """
    require(actor, "ar.reminder.send")
    if len(customer_ids) > MOST_DUE:
        raise DomainError(
            N_("Send at most %(most)s reminders at once."),
            code="too_many",
            field="customers",
            params={"most": MOST_DUE},
        )
    ids = sorted(set(customer_ids))
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    levels = {level.level: level for level in reminder_levels()}
    due = [
        one
        for one in reminders_due(today, levels=list(levels.values()), customer_ids=ids)
        if one.customer.email
    ]
    rows = [_reminder(one, levels[one.level], actor, today) for one in due]
    Reminder.objects.bulk_create(rows)
    ReminderItem.objects.bulk_create(
        ReminderItem(reminder_id=row.pk, invoice_id=invoice, level=level)
        for row, one in zip(rows, due, strict=True)
        for invoice, level in one.items
    )
    for row in rows:
        enqueue_on_commit(TASK, current_company_id(), actor.user_id, str(row.pk))
    return rows


@write
def reminder_send_one(*, customer_id: uuid.UUID, actor: Principal, today: dt.date) -> Reminder:
    """Send one customer the reminder that is due. Raises NoReminderDue where there is none or no address."""
    rows = reminders_send(customer_ids=[customer_id], actor=actor, today=today)
    if not rows:
        raise NoReminderDue(
            N_("No reminder is due for this customer, or there is no e-mail address.")
        )
    return rows[0]


def _reminder(one: DueReminder, level: LevelText, actor: Principal, today: dt.date) -> Reminder:
    customer = one.customer
    arabic = customer.language == "ar"
    company = actor.company
    words = {
        "customer": (arabic and customer.name_arabic) or customer.name,
        "company": str((arabic and company.get("name_arabic")) or company.get("name") or ""),
        "amount": f"{quantize(one.amount, actor.currency):,}",
        "currency": actor.currency,
        "count": str(one.count),
        "date": today.isoformat(),
    }
    subject = filled(level.subject_arabic if arabic else level.subject, words)
    return Reminder(
        id=uuid7(),
        customer_id=customer.pk,
        level=one.level,
        date=today,
        language="ar" if arabic else "en",
        email=customer.email,
        # a heading has one line, whatever a name contains
        subject=" ".join(subject.split())[:300],
        body=filled(level.body_arabic if arabic else level.body, words)[:6000],
        amount=one.amount,
        created_by_id=actor.user_id,
    )


@write
def reminder_retry(*, reminder_id: uuid.UUID, actor: Principal) -> Reminder:
    """Hand a reminder that was not delivered to the worker again, to the customer's address of now."""
    require(actor, "ar.reminder.send")
    row = Reminder.objects.select_for_update().filter(pk=reminder_id).first()
    if row is None:
        raise DocumentNotFound(N_("There is no such reminder."))
    if row.status != Reminder.Status.FAILED:
        raise NoReminderDue(N_("Only a reminder that was not delivered is sent again."))
    row.email = Customer.objects.values_list("email", flat=True).get(pk=row.customer_id)
    row.status, row.attempts, row.error = Reminder.Status.QUEUED, 0, ""
    row.save(update_fields=["email", "status", "attempts", "error"])
    enqueue_on_commit(TASK, current_company_id(), actor.user_id, str(row.pk))
    found: Reminder = row
    return found


def reminder_deliver(*, reminder_id: uuid.UUID) -> Reminder | None:
    """Send a waiting reminder with its statement; called by the worker. Sent ones are left alone.

    Failures are counted; after MOST_ATTEMPTS the reminder is marked as not delivered, with the server's answer.
    """
    with transaction.atomic():
        row = (
            Reminder.objects.select_for_update(skip_locked=True)
            .filter(pk=reminder_id, status=Reminder.Status.QUEUED)
            .select_related(None)
            .first()
        )
        if row is None:
            return None
        row.attempts += 1
        try:
            _send(row)
        except OSError as error:  # smtplib's errors are among them
            logger.warning("Reminder %s was not sent: %s", row.pk, type(error).__name__)
            row.error = str(error)[:500]
            if row.attempts >= MOST_ATTEMPTS:
                row.status = Reminder.Status.FAILED
        else:
            row.status, row.error, row.sent_at = Reminder.Status.SENT, "", timezone.now()
        row.save(update_fields=["attempts", "error", "status", "sent_at"])
        delivered: Reminder = row
        return delivered


def _send(row: Reminder) -> None:
    company = Company.objects.get(pk=current_company_id())
    customer = Customer.objects.get(pk=row.customer_id)
    with translation.override(row.language):
        content = overdue_statement_pdf(
            customer, overdue_of(customer.pk, row.date), company=company, today=row.date
        )
    message = EmailMessage(
        subject=row.subject,
        body=row.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[row.email],
        reply_to=[company.email] if company.email else None,
    )
    message.attach(f"statement-{customer.code}.pdf", content, "application/pdf")
    message.send()


def reminders_waiting() -> list[uuid.UUID]:
    """Return reminders whose message got lost on its way to the worker."""
    before = timezone.now() - dt.timedelta(minutes=10)
    rows = Reminder.objects.filter(status=Reminder.Status.QUEUED, created_at__lt=before)
    return list(rows.values_list("pk", flat=True)[:1000])


@write
def reminder_level_save(
    *, level: int, values: Mapping[str, Any], actor: Principal
) -> ReminderLevel:
    """Store the company's own words and waiting times of one level."""
    require(actor, "ar.reminder.settings")
    if level not in LEVELS:
        raise DocumentNotFound(N_("There are three levels."), field="level")
    row, _ = ReminderLevel.objects.update_or_create(level=level, defaults=dict(values))
    saved: ReminderLevel = row
    return saved


@write
def reminders_stop(*, customer_id: uuid.UUID, stopped: bool, actor: Principal) -> Customer:
    """Take a customer off the reminders, or back on."""
    require(actor, "ar.reminder.send")
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise UnknownParty(N_("There is no such customer."), field="customer")
    customer.reminders_stopped = stopped
    customer.version += 1
    customer.save(update_fields=["reminders_stopped", "version", "updated_at"])
    found: Customer = customer
    return found
