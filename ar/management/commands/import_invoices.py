"""manage.py import_invoices: bulk import with a dry run; ends with one JSON line on standard output (design 10)."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ar.imports.columns import ImportRules
from ar.imports.layouts import LAYOUTS, layout_named
from ar.services.imports import ImportOptions, ImportResult, import_file
from documents.commands import RowLog, company_named, failures_told, show_progress
from tenancy.context import company_scope
from tenancy.models import Company


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no date of the form YYYY-MM-DD") from None


class Command(BaseCommand):
    """Import invoices and credit notes from CSV, CSV.gz or XLSX."""

    help = "Import invoices and credit notes from a CSV, CSV.gz or XLSX file."

    # the file is checked, not the site: pages play no part here
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument(
            "--create-company", action="store_true", help="create it when it is not there"
        )
        parser.add_argument("--layout", choices=sorted(LAYOUTS), default="general")
        parser.add_argument("--vat", type=int, choices=(0, 5, 15), default=15, help="VAT percent")
        parser.add_argument("--from", dest="first_day", type=_day, metavar="DATE")
        parser.add_argument("--until", dest="last_day", type=_day, metavar="DATE")
        parser.add_argument("--post", action="store_true", help="post the documents; else drafts")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE", help="write refused rows as CSV"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with failures_told():
            result = self._import(options)
        self.stdout.write(
            json.dumps(
                {
                    "documents": result.documents,
                    "lines": result.lines,
                    "net": f"{result.net:f}",
                    "vat": f"{result.vat:f}",
                    "gross": f"{result.gross:f}",
                    "rejected": result.rejected,
                    "skipped": result.skipped,
                    "seconds": round(result.seconds, 2),
                }
            )
        )

    def _import(self, options: dict[str, Any]) -> ImportResult:
        company_id = company_named(
            options["company"], create=options["create_company"], command=self
        )
        with company_scope(company_id, source="task", cause="import_invoices"):
            with transaction.atomic():
                currency = Company.objects.get(pk=company_id).currency
            rejected = RowLog(options["rejected"], self)
            try:
                result = import_file(
                    options["file"],
                    ImportOptions(
                        layout=layout_named(options["layout"]),
                        rules=ImportRules(
                            currency, options["vat"], options["first_day"], options["last_day"]
                        ),
                        post=options["post"],
                        dry_run=options["dry_run"],
                    ),
                    progress=partial(show_progress, self),
                    problem=rejected,
                )
            finally:
                rejected.close()
        self.stderr.write("", ending="\n")
        return result
