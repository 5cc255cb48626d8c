"""What the import commands share: the company they write into, progress, the log of refused rows."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from core.errors import DomainError
from tenancy.models import User
from tenancy.services.companies import company_create


def company_named(slug: str, *, create: bool, command: BaseCommand) -> int:
    """Return the id of a company, made with an owner where `create` allows it. Raises CommandError."""
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
            command.stderr.write(f"Owner: {email}  password: {password}")
        company = company_create(slug=slug, name=slug, owner=owner)
        return company.pk


@contextmanager
def failures_told() -> Generator[None]:
    """Raise CommandError with one sentence for what an import cannot help: a refusal, a file, a database that went away."""
    try:
        yield
    except DomainError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
    except OperationalError as error:
        raise CommandError(
            "The database went away before the end. What was written is complete: run the same command again, "
            "it goes on where this one stopped."
        ) from error


def show_progress(command: BaseCommand, done: int, total: int) -> None:
    """Write how far an import is over the line written before."""
    command.stderr.write(f"\r{done:>7} / {total} documents", ending="")
    command.stderr.flush()


class RowLog:
    """Writes each refused row to standard error, and to a CSV file when one is named."""

    def __init__(self, path: Path | None, command: BaseCommand) -> None:
        self.command = command
        self.file = path.open("w", encoding="utf-8", newline="") if path else None
        self.writer = csv.writer(self.file) if self.file else None
        if self.writer:
            self.writer.writerow(["row", "number", "field", "value", "reason"])

    def __call__(self, problem: Any) -> None:
        cells = [str(problem.row), problem.number, problem.field, problem.value, str(problem.error)]
        self.command.stderr.write(f"row {cells[0]}, document {cells[1]}, {cells[2]}: {cells[4]}")
        if self.writer:
            self.writer.writerow(cells)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self.file:
            self.file.close()
