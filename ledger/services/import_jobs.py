"""Imports of journals from the page: upload, columns and accounts, dry run, import."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from core.errors import N_, DomainError
from core.transactions import write
from documents.readers import UnreadableFile, headings_of, opened_table, sample_rows
from ledger.errors import JournalNotFound
from ledger.file_columns import RowRefused, guess_columns, positions_of
from ledger.journal_file import FIELDS, ONE_OF
from ledger.models import JournalImport
from ledger.services.journal_import import ImportSettings, import_journals
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

PERMISSION = "ledger.journal.post"
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
#: A page imports a file as a whole within one request; larger files go through the command.
MAX_ROWS = 20_000
PROBLEMS_SHOWN = 500


class TooManyRows(DomainError):
    """The file is too long for a page."""

    code = "too_many_rows"


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Yield a local file with the content of a stored one, wherever the storage is."""
    with tempfile.TemporaryDirectory(prefix="mizan-upload-") as folder:
        path = Path(folder) / "upload"
        with default_storage.open(name) as stored, path.open("wb") as copy:
            for chunk in stored.chunks():
                copy.write(chunk)
        yield path


def upload_store(upload: UploadedFile, folder: str) -> tuple[str, list[str], list[list[str]]]:
    """Store an upload; returns its name in storage, its headings and first rows. Raises UnreadableFile."""
    if (upload.size or 0) > MAX_UPLOAD_BYTES:
        raise UnreadableFile(
            N_("The file is larger than %(limit)s MB."),
            field="file",
            params={"limit": MAX_UPLOAD_BYTES // 1024**2},
        )
    # the name of the upload is shown, never used as a path
    name = default_storage.save(f"{folder}/{current_company_id()}/{uuid.uuid4()}", upload)
    try:
        with local_copy(name) as path, opened_table(path) as plain:
            headings = headings_of(plain)
            sample = [[cell[:60] for cell in row] for row in sample_rows(plain)]
    except DomainError:
        default_storage.delete(name)
        raise
    return name, headings, sample


@write
def import_create(*, upload: UploadedFile, actor: Principal) -> JournalImport:
    """Store an upload and guess its columns. Raises UnreadableFile."""
    require(actor, PERMISSION)
    stored, headings, sample = upload_store(upload, "journals")
    job: JournalImport = JournalImport.objects.create(
        file_name=Path(upload.name or "").name[:200],
        stored_file=stored,
        mapping=guess_columns(FIELDS, headings),
        headings=headings,
        sample=sample,
        created_by_id=actor.user_id,
    )
    return job


def import_get(job_id: uuid.UUID) -> JournalImport:
    """Return an import; raises JournalNotFound."""
    job = JournalImport.objects.filter(pk=job_id).first()
    if job is None:
        raise JournalNotFound(N_("There is no such import."))
    return job


@write
def import_run(
    *,
    job_id: uuid.UUID,
    mapping: Mapping[str, str],
    accounts: Mapping[str, str],
    create_accounts: bool,
    dry_run: bool,
    actor: Principal,
) -> JournalImport:
    """Check the file or import it, all in this transaction. Raises MissingColumns, TooManyRows, import_done."""
    require(actor, PERMISSION)
    if create_accounts:
        require(actor, "ledger.account.edit")
    job = JournalImport.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise JournalNotFound(N_("There is no such import."))
    if job.state == JournalImport.State.DONE:
        raise DomainError(N_("This file was imported already."), code="import_done")
    positions_of(FIELDS, job.headings, mapping, one_of=ONE_OF)
    job.mapping, job.accounts, job.create_accounts = dict(mapping), dict(accounts), create_accounts
    refused: list[RowRefused] = []
    with local_copy(job.stored_file) as path:
        _require_short(path)
        result = import_journals(
            path,
            ImportSettings(
                source=job.file_name.split(".")[0],
                mapping=mapping,
                accounts={name: code for name, code in accounts.items() if code},
                create_accounts=create_accounts,
                dry_run=dry_run,
            ),
            problem=refused.append,
        )
    job.entries, job.lines, job.rejected = result.entries, result.lines, result.rejected
    job.skipped, job.total = result.skipped, result.total
    job.unknown_accounts = result.unknown_accounts[:PROBLEMS_SHOWN]
    job.problems = [one.as_json() for one in refused[:PROBLEMS_SHOWN]]
    job.state = JournalImport.State.CHECKED if dry_run else JournalImport.State.DONE
    job.finished_at = timezone.now()
    job.save()
    return job


def _require_short(path: Path) -> None:
    with opened_table(path) as plain, plain.open("rb") as file:
        rows = sum(1 for _ in file)
    if rows > MAX_ROWS:
        raise TooManyRows(
            N_(
                "The page takes files of at most %(limit)s rows; import longer ones with import_journals."
            ),
            field="file",
            params={"limit": MAX_ROWS},
        )
