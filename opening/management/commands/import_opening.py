"""manage.py import_opening: a file of opening balances; ends with one JSON line on standard output."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import DomainError
from ledger.management.commands.import_journals import company_id_of
from opening.models import OpeningFile
from opening.services.files import file_check, file_create, file_post
from tenancy.context import company_scope
from tenancy.models import Membership
from tenancy.principal import Principal, resolve


class Command(BaseCommand):
    """Import opening balances from CSV, CSV.gz or XLSX, in the name of an owner."""

    help = "Import opening balances: customers, suppliers or accounts (the trial balance)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=OpeningFile.Step.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="SLUG")
        parser.add_argument(
            "--date", required=True, type=dt.date.fromisoformat, help="go-live date"
        )
        parser.add_argument("--create-parties", action="store_true", help="add missing parties")
        parser.add_argument("--dry-run", action="store_true", help="check all, post nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        company_id = company_id_of(options["company"])
        with company_scope(company_id, source="task", cause="import_opening"):
            actor = _owner(company_id)
        scope = company_scope(
            company_id,
            actor_id=actor.user_id,
            role=actor.role,
            source="task",
            cause="import_opening",
        )
        try:
            with scope, transaction.atomic():
                stored = self._run(options, actor)
        except DomainError as error:
            raise CommandError(str(error)) from error
        for problem in stored.problems:
            self.stderr.write(f"row {problem['row']}, {problem['key']}: {problem['reason']}")
        self.stdout.write(
            json.dumps(
                {
                    "step": stored.step,
                    "state": stored.state,
                    "rows": stored.rows,
                    "rejected": stored.rejected,
                    "total": f"{stored.total:f}",
                }
            )
        )
        if stored.rejected:
            raise CommandError(f"{stored.rejected} rows were refused; nothing was posted.")

    @staticmethod
    def _run(options: dict[str, Any], actor: Principal) -> OpeningFile:
        content = options["file"].read_bytes()
        stored = file_create(
            step=options["step"],
            date=options["date"],
            upload=SimpleUploadedFile(options["file"].name, content),
            actor=actor,
        )
        arguments: dict[str, Any] = {
            "file_id": stored.pk,
            "mapping": stored.mapping,
            "create_parties": options["create_parties"],
            "actor": actor,
        }
        checked = file_check(**arguments)
        return checked if options["dry_run"] or checked.rejected else file_post(**arguments)


def _owner(company_id: int) -> Principal:
    with transaction.atomic():
        member = (
            Membership.objects.filter(role="owner", is_active=True).order_by("created_at").first()
        )
    actor = resolve(member.user_id, company_id) if member else None
    if actor is None:
        raise CommandError("The company has no active owner.")
    return actor
