"""manage.py import_rates: exchange rates from a file; ends with one JSON line on standard output."""

from __future__ import annotations

import datetime as dt
import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from core.errors import DomainError
from ledger.rate_files import open_rate_file, rates_of, source_of
from ledger.services.rates import RatesImported, rates_import
from tenancy.context import company_scope
from tenancy.models import Membership, Role
from tenancy.principal import resolve


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no date of the form YYYY-MM-DD") from None


class Command(BaseCommand):
    """Import exchange rates as an owner of the company: all of the file, or nothing."""

    help = "Import exchange rates: the European Central Bank's table, or rates per US dollar."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument("--currency", action="append", default=[], metavar="USD")
        parser.add_argument("--from", dest="since", type=_day, metavar="DATE")
        parser.add_argument(
            "--replace", action="store_true", help="correct days that have another rate"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            done, source = self._import(options)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        summary = {
            "read": done.read,
            "stored": done.stored,
            "corrected": done.corrected,
            "unchanged": done.unchanged,
            "kept": done.kept,
            "source": source,
            "seconds": round(time.perf_counter() - started, 3),
        }
        self.stdout.write(json.dumps(summary))

    def _import(self, options: dict[str, Any]) -> tuple[RatesImported, str]:
        file = open_rate_file(options["file"].read_bytes())
        company_id = self._company_id(options["company"])
        scope = company_scope(company_id, source="import", cause="ledger.import_rates")
        with scope, transaction.atomic():
            owner = Membership.objects.filter(role=Role.OWNER, is_active=True).first()
            actor = resolve(owner.user_id, company_id) if owner else None
            if actor is None:
                raise CommandError("The company has no active owner.")
            source = source_of(file, actor.currency)
            rows = rates_of(
                file,
                base_currency=actor.currency,
                currencies=frozenset(options["currency"]),
                since=options["since"],
            )
            done = rates_import(rows=rows, source=source, replace=options["replace"], actor=actor)
            if options["dry_run"]:
                transaction.set_rollback(True)
        return done, source

    def _company_id(self, slug: str) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [slug])
            company_id: int | None = cursor.fetchone()[0]
        if company_id is None:
            raise CommandError(f"There is no company {slug}.")
        return company_id
