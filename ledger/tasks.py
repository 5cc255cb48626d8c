"""Regular work of the ledger."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from core.dates import local_today
from ledger.services.accruals import accruals_reverse
from ledger.services.periods import periods_keep_ahead
from ledger.services.recurring import recurring_run_due
from tenancy.celery import CompanyTask
from tenancy.models import Company


@shared_task(name="ledger.daily", base=CompanyTask)
def daily(company_id: int, actor_id: int | None) -> None:
    """Make the periods of the coming year, reverse accruals whose month has come, run recurring journals that are due.

    Repeated, it does nothing.
    """
    with transaction.atomic():
        company = Company.objects.get(pk=company_id)
        periods_keep_ahead(
            today=local_today(company.timezone), start_month=company.fiscal_year_start_month
        )
    accruals_reverse()
    recurring_run_due(today=local_today())
