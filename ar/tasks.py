"""Background work of receivables."""

from __future__ import annotations

import uuid

from celery import shared_task

from ar.services.import_jobs import TASK, job_run
from tenancy.celery import CompanyTask


@shared_task(name=TASK, base=CompanyTask)
def run_import(company_id: int, actor_id: int | None, job_id: str) -> None:
    """Check or import an uploaded file; delivered twice, it continues where it was."""
    job_run(job_id=uuid.UUID(job_id), actor_id=actor_id)
