"""Background work of the reports."""

from __future__ import annotations

import uuid

from celery import shared_task

from ap.services.import_jobs import BILL_IMPORT
from ar.services.import_jobs import INVOICE_IMPORT
from documents.services.import_jobs import jobs_care
from reports.services.alerts import alerts_refresh
from reports.services.exports import TASK, export_run, exports_care
from tenancy.celery import CompanyTask


@shared_task(name=TASK, base=CompanyTask)
def write_export(company_id: int, actor_id: int | None, job_id: str) -> None:
    """Write a file somebody asked for; delivered twice, it is written once."""
    export_run(job_id=uuid.UUID(job_id))


@shared_task(name="reports.care", base=CompanyTask)
def care(company_id: int, actor_id: int | None) -> None:
    """Delete expired files and hand out again what a lost message or a dead worker left: exports and imports."""
    exports_care()
    jobs_care(kind=INVOICE_IMPORT)
    jobs_care(kind=BILL_IMPORT)


@shared_task(name="reports.alerts", base=CompanyTask)
def find_alerts(company_id: int, actor_id: int | None) -> None:
    """Find what is overdue, exceeded or due today (SP-6); repeating it changes nothing."""
    alerts_refresh()
