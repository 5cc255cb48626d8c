"""manage.py import_invoices: bulk import with a dry run; ends with one JSON line on standard output (design 10)."""

from __future__ import annotations

import csv
import datetime as dt
import json
import secrets
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from ar.imports.documents import ImportRules, RowProblem
from ar.imports.layouts import LAYOUTS, layout_named
from ar.services.imports import ImportOptions, ImportResult, import_file
from core.errors import DomainError
from tenancy.context import company_scope
from tenancy.models import Company, User
from tenancy.services.companies import company_create


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
        try:
            result = self._import(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
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
        company_id = self._company(options["company"], create=options["create_company"])
        with company_scope(company_id, source="task", cause="import_invoices"):
            with transaction.atomic():
                currency = Company.objects.get(pk=company_id).currency
            rejected = _Rejected(options["rejected"], self)
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
                    progress=self._progress,
                    problem=rejected,
                )
            finally:
                rejected.close()
        self.stderr.write("", ending="\n")
        return result

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done:>7} / {total} documents", ending="")
        self.stderr.flush()

    def _company(self, slug: str, *, create: bool) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [slug])
            found: int | None = cursor.fetchone()[0]
            if found is not None:
                return found
            if not create:
                raise CommandError(f"There is no company {slug}; add --create-company to make it.")
            password = secrets.token_urlsafe(12)
            email = f"owner@{slug}.mizan.test"
            owner = User.objects.filter(email=email).first()
            if owner is None:
                owner = User.objects.create_user(email, password=password, full_name="Owner")
                self.stderr.write(f"Owner: {email}  password: {password}")
            company = company_create(slug=slug, name=slug, owner=owner)
            return company.pk


class _Rejected:
    """Writes each refused row to standard error, and to a CSV file when one is named."""

    def __init__(self, path: Path | None, command: Command) -> None:
        self.command = command
        self.file = path.open("w", encoding="utf-8", newline="") if path else None
        self.writer = csv.writer(self.file) if self.file else None
        if self.writer:
            self.writer.writerow(["row", "number", "field", "value", "reason"])

    def __call__(self, problem: RowProblem) -> None:
        cells = [str(problem.row), problem.number, problem.field, problem.value, str(problem.error)]
        self.command.stderr.write(f"row {cells[0]}, document {cells[1]}, {cells[2]}: {cells[4]}")
        if self.writer:
            self.writer.writerow(cells)

    def close(self) -> None:
        if self.file:
            self.file.close()
