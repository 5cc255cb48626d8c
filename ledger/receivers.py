"""What the ledger does when lower apps report something."""

from __future__ import annotations

from typing import Any

from core.dates import local_today
from ledger.services.setup import books_create
from ledger.signals import books_created
from tenancy.models import Company


def company_gets_books(company: Company, **_: Any) -> None:
    """A new company starts with chart of accounts, VAT codes and periods."""
    books_create(
        company_id=company.pk,
        today=local_today(company.timezone),
        fiscal_year_start_month=company.fiscal_year_start_month,
    )
    books_created.send(Company, company=company)
