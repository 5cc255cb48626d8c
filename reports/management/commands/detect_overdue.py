"""Find what is overdue in every company, as the worker does by itself (SP-6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from core.inputs import parse_date
from reports.services.alerts import alerts_refresh
from reports.verify.run import company_ids
from tenancy.context import company_scope


class Command(BaseCommand):
    """Print the alerts of each company; --on looks from another day."""

    help = "Find overdue invoices and bills, exceeded credit limits and due VAT returns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", default="", help="The day to look from, YYYY-MM-DD; today if not given."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day: dt.date | None = None
        if options["on"]:
            try:
                day = parse_date(options["on"], field="on")
            except DomainError as error:
                raise CommandError(error.message) from None
        for company_id in company_ids():
            with company_scope(company_id, source="task", cause="detect_overdue"):
                found, closed = alerts_refresh(today=day)
            self.stdout.write(f"company {company_id}: {found} open, {closed} closed")
