"""manage.py import_bills: bulk import of bills and supplier credits; ends with one JSON line on standard output."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ap.imports.rows import LAYOUTS
from ap.services.imports import BillImportOptions, BillImportResult, import_bills
from documents.commands import RowLog, company_named, failures_told, show_progress
from tenancy.context import company_scope


class Command(BaseCommand):
    """Import one bill, or supplier credit, from each row of a CSV, CSV.gz or XLSX file."""

    help = "Import bills (positive amounts) and supplier credits (negative ones) from CSV, CSV.gz or XLSX."

    # the file is checked, not the site: pages play no part here
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument(
            "--create-company", action="store_true", help="create it when it is not there"
        )
        parser.add_argument("--layout", choices=sorted(LAYOUTS), default="general")
        parser.add_argument(
            "--vat", default="PO", metavar="CODE", help="purchase VAT code of all rows, e.g. P15"
        )
        parser.add_argument(
            "--account", default="", metavar="CODE", help="account of all rows; else other expenses"
        )
        parser.add_argument("--post", action="store_true", help="post the documents; else drafts")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--rejected",
            type=Path,
            metavar="FILE",
            help="write refused and repeated rows as CSV",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with failures_told():
            result = self._import(options)
        self.stdout.write(
            json.dumps(
                {
                    "documents": result.documents,
                    "bills": result.bills,
                    "credits": result.credits,
                    "lines": result.documents,
                    "net": f"{result.net:f}",
                    "vat": f"{result.vat:f}",
                    "gross": f"{result.gross:f}",
                    "rejected": result.rejected,
                    "warned": result.warned,
                    "skipped": result.skipped,
                    "seconds": round(result.seconds, 2),
                }
            )
        )

    def _import(self, options: dict[str, Any]) -> BillImportResult:
        company_id = company_named(
            options["company"], create=options["create_company"], command=self
        )
        with company_scope(company_id, source="task", cause="import_bills"):
            log = RowLog(options["rejected"], self)
            try:
                result = import_bills(
                    options["file"],
                    BillImportOptions(
                        layout=LAYOUTS[options["layout"]],
                        post=options["post"],
                        dry_run=options["dry_run"],
                        account=options["account"],
                        tax_code=options["vat"],
                    ),
                    progress=partial(show_progress, self),
                    report=log,
                )
            finally:
                log.close()
        self.stderr.write("", ending="\n")
        return result
