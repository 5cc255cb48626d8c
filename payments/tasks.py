"""Background work of money."""

from __future__ import annotations

import uuid

from celery import shared_task

from payments.services.bank_import import TASK as READ_BANK_FILE
from payments.services.bank_import import bank_file_read, waiting_files_read
from tenancy.celery import CompanyTask


@shared_task(name=READ_BANK_FILE, base=CompanyTask)
def read_bank_file(company_id: int, actor_id: int | None, file_id: str) -> None:
    """Read a large bank file; delivered twice, the second does nothing."""
    bank_file_read(file_id=uuid.UUID(file_id), actor_id=actor_id)


@shared_task(name="payments.care", base=CompanyTask)
def care(company_id: int, actor_id: int | None) -> None:
    """Read bank files that still wait."""
    waiting_files_read()
