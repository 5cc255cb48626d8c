"""manage.py populate_invoice_totals: fill missing totals of drafts, check all documents (FT-3). Safe to repeat."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from documents.registry import all_types
from documents.services.totals import totals_populate, totals_wrong
from reports.verify.run import company_ids
from tenancy.context import company_scope
from tenancy.models import Company


class Command(BaseCommand):
    """Fill missing stored totals and name every document whose totals are wrong."""

    help = "Fill missing totals of drafts and check every document; exits 1 when one stays wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for company_id in company_ids():
            with (
                company_scope(company_id, source="task", cause="populate_invoice_totals"),
                transaction.atomic(),
            ):
                wrong += self._company(company_id)
        if wrong:
            sys.exit(1)

    def _company(self, company_id: int) -> int:
        wrong = 0
        slug = Company.objects.get(pk=company_id).slug
        for kind in all_types():
            written = totals_populate(kind)
            self.stdout.write(f"{slug:<20} {kind.kind:<16} {written} filled")
            for header, names in totals_wrong(kind):
                wrong += 1
                self.stdout.write(f"  {header.number or header.pk}: {', '.join(names)} differ")
        return wrong
