"""Regular work of the ledger."""

from __future__ import annotations

from celery import shared_task

from core.dates import local_today
from ledger.services.accruals import accruals_reverse
from ledger.services.recurring import recurring_run_due
from tenancy.celery import CompanyTask


@shared_task(name="ledger.daily", base=CompanyTask)
def daily(company_id: int, actor_id: int | None) -> None:
    """Reverse accruals whose next period has come, make the recurring journals that are due. Repeated, it does nothing."""
    accruals_reverse()
    recurring_run_due(today=local_today())
