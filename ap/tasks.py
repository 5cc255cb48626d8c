"""Regular work of payables."""

from __future__ import annotations

import uuid

from celery import shared_task

from ap.services.import_jobs import BILL_IMPORT, TASK
from ap.services.prepaid import prepaid_book
from core.dates import local_today
from documents.services.import_jobs import job_run
from tenancy.celery import CompanyTask


@shared_task(name=TASK, base=CompanyTask)
def run_import(company_id: int, actor_id: int | None, job_id: str) -> None:
    """Check or import an uploaded file; delivered twice, it continues where it was."""
    job_run(BILL_IMPORT, job_id=uuid.UUID(job_id), actor_id=actor_id)


@shared_task(name="ap.daily", base=CompanyTask)
def daily(company_id: int, actor_id: int | None) -> None:
    """Book the prepaid months that are due. Repeated, it does nothing."""
    prepaid_book(until=local_today())
