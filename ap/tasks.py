"""Regular work of payables."""

from __future__ import annotations

from celery import shared_task

from ap.services.prepaid import prepaid_book
from core.dates import local_today
from tenancy.celery import CompanyTask


@shared_task(name="ap.daily", base=CompanyTask)
def daily(company_id: int, actor_id: int | None) -> None:
    """Book the prepaid months that are due. Repeated, it does nothing."""
    prepaid_book(until=local_today())
