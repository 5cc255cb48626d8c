"""manage.py import_journals: journals of another system; ends with one JSON line on standard output."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from core.errors import DomainError
from ledger.file_columns import RowRefused
from ledger.models import Account
from ledger.services.journal_import import ImportSettings, import_journals
from tenancy.context import company_scope


def company_id_of(slug: str) -> int:
    """Return the id of a company by its short name. Raises CommandError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [slug])
        found: int | None = cursor.fetchone()[0]
    if found is None:
        raise CommandError(f"There is no company {slug}.")
    return found


class Command(BaseCommand):
    """Import journals from CSV, CSV.gz or XLSX."""

    help = "Import journals (txn, date, description, account, currency, amount or debit/credit)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument(
            "--source", default="", help="name of the other system; the file's name when left out"
        )
        parser.add_argument(
            "--accounts", type=Path, metavar="CSV", help="account of the file,code of the chart"
        )
        parser.add_argument("--create-accounts", action="store_true", help="make missing accounts")
        kinds = [kind for kind in Account.Kind.values if kind != Account.Kind.HEADER]
        parser.add_argument(
            "--account-kind",
            choices=kinds,
            default="asset",
            help="kind of accounts whose name tells none",
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE", help="write refused rows as CSV"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        company_id = company_id_of(options["company"])
        refused: list[RowRefused] = []
        settings = ImportSettings(
            source=options["source"] or options["file"].name.split(".")[0],
            accounts=_account_map(options["accounts"]),
            create_accounts=options["create_accounts"],
            account_kind=options["account_kind"],
            dry_run=options["dry_run"],
        )
        with company_scope(company_id, source="task", cause="import_journals"):
            try:
                result = import_journals(options["file"], settings, problem=refused.append)
            except DomainError as error:
                raise CommandError(str(error)) from error
        self._tell(refused, options["rejected"])
        self.stdout.write(
            json.dumps(
                {
                    "entries": result.entries,
                    "lines": result.lines,
                    "total": f"{result.total:f}",
                    "rejected": result.rejected,
                    "skipped": result.skipped,
                    "accounts_created": result.accounts_created,
                }
            )
        )

    def _tell(self, refused: list[RowRefused], path: Path | None) -> None:
        for one in refused:
            self.stderr.write(f"row {one.row}, transaction {one.key}: {one.error}")
        if path is not None:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["row", "transaction", "field", "reason"])
                writer.writerows(
                    [one.row, one.key, one.error.field or "", str(one.error)] for one in refused
                )


def _account_map(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0].strip(): row[1].strip() for row in csv.reader(file) if len(row) >= 2}
