"""Background work of receivables."""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace

from celery import shared_task
from django.db import transaction

from ar.models import RecurringInvoice
from ar.services.import_jobs import INVOICE_IMPORT, TASK
from ar.services.recurring import recurring_due, recurring_run
from ar.services.reminders import TASK as SEND_REMINDER
from ar.services.reminders import reminder_deliver, reminders_waiting
from core.dates import local_today
from core.queue import enqueue_on_commit
from documents.services.import_jobs import job_run
from tenancy.celery import CompanyTask
from tenancy.context import company_scope
from tenancy.models import Company
from tenancy.principal import resolve

logger = logging.getLogger(__name__)


@shared_task(name=TASK, base=CompanyTask)
def run_import(company_id: int, actor_id: int | None, job_id: str) -> None:
    """Check or import an uploaded file; delivered twice, it continues where it was."""
    job_run(INVOICE_IMPORT, job_id=uuid.UUID(job_id), actor_id=actor_id)


@shared_task(name=SEND_REMINDER, base=CompanyTask)
def send_reminder(company_id: int, actor_id: int | None, reminder_id: str) -> None:
    """Send one waiting reminder; delivered twice, it is sent once. A failure is tried again with the daily work."""
    reminder_deliver(reminder_id=uuid.UUID(reminder_id))


@shared_task(name="ar.hourly", base=CompanyTask)
def hourly(company_id: int, actor_id: int | None) -> None:
    """Make the recurring invoices that are due, and hand over reminders whose message got lost."""
    with transaction.atomic():
        company = Company.objects.get(pk=company_id)
        today = local_today(company.timezone)
        due = recurring_due(today)
        for reminder_id in reminders_waiting():
            enqueue_on_commit(SEND_REMINDER, company_id, None, str(reminder_id))
    for recurring_id in due:
        recurring_run_as_its_author(company_id, recurring_id)


def recurring_run_as_its_author(company_id: int, recurring_id: uuid.UUID) -> None:
    """Run one recurring invoice with the rights of who made it, on the company's day. One's trouble stops no other."""
    with transaction.atomic():
        row = RecurringInvoice.objects.get(pk=recurring_id)
        today = local_today(Company.objects.get(pk=company_id).timezone)
    author = resolve(row.created_by_id, company_id) if row.created_by_id else None
    if author is None or author.company_id is None:
        logger.warning("Recurring invoice %s: its author has left the company", recurring_id)
        return
    author = replace(author, branch_id=str(row.branch_id))
    with company_scope(
        company_id,
        actor_id=author.user_id,
        role=author.role,
        source="task",
        cause="ar.recurring",
    ):
        try:
            recurring_run(recurring_id=recurring_id, actor=author, today=today)
        except Exception:
            logger.exception("Recurring invoice %s failed", recurring_id)
