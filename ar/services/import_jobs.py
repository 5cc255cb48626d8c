"""Imports from the page: upload, dry run, import; the job row says how far it is, whoever looks and whenever."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation

from ar.imports.documents import ImportRules, RowProblem
from ar.imports.layouts import GENERAL, column_positions, guess_layout, guess_mapping, layout_named
from ar.models import ImportJob
from ar.services.imports import ImportOptions, ImportResult, import_file
from audit.services.events import audit_event
from core.errors import N_, DomainError
from core.queue import enqueue_on_commit
from core.transactions import write
from documents.readers import UnreadableFile, headings_of, opened_table, sample_rows
from tenancy.context import current_company_id
from tenancy.models import Company, User
from tenancy.permissions import require
from tenancy.principal import Principal

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
#: Refused rows kept on the job for the page; the file to download has all of them.
PROBLEMS_SHOWN = 200
TASK = "ar.run_import"
SHOWN_EVERY = dt.timedelta(milliseconds=400)


class JobBusy(DomainError):
    """The import is being checked or written; its settings stay."""

    code = "import_busy"
    status = 409


class JobNotFound(DomainError):
    """No import of this company has the id."""

    code = "not_found"
    status = 404


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Yield a local file with the content of a stored one, wherever the storage is."""
    with tempfile.TemporaryDirectory(prefix="mizan-upload-") as folder:
        path = Path(folder) / "upload"
        with default_storage.open(name) as stored, path.open("wb") as copy:
            for chunk in stored.chunks():
                copy.write(chunk)
        yield path


@write
def job_create(*, upload: UploadedFile, actor: Principal) -> ImportJob:
    """Store an upload and read its headings. Raises UnreadableFile."""
    require(actor, "ar.invoice.import")
    if (upload.size or 0) > MAX_UPLOAD_BYTES:
        raise UnreadableFile(
            N_("The file is larger than %(limit)s MB."),
            field="file",
            params={"limit": MAX_UPLOAD_BYTES // 1024**2},
        )
    # the name of the upload is shown, never used as a path
    name = default_storage.save(f"imports/{current_company_id()}/{uuid.uuid4()}", upload)
    try:
        with local_copy(name) as path, opened_table(path) as plain:
            headings = headings_of(plain)
            sample = [[cell[:60] for cell in row] for row in sample_rows(plain)]
    except DomainError:
        default_storage.delete(name)
        raise
    layout = guess_layout(headings)
    return ImportJob.objects.create(
        file_name=Path(upload.name or "").name[:200],
        stored_file=name,
        layout=layout.name,
        mapping=dict(layout.columns or guess_mapping(headings)),
        headings=headings,
        sample=sample,
        created_by_id=actor.user_id,
    )


def job_get(job_id: uuid.UUID) -> ImportJob:
    """Return a job. Raises JobNotFound."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        raise JobNotFound(N_("There is no such import."))
    return job


@write
def job_start(
    *,
    job_id: uuid.UUID,
    layout: str,
    mapping: Mapping[str, str],
    tax_rate: int,
    post: bool,
    dry_run: bool,
    actor: Principal,
) -> ImportJob:
    """Hand the job to a worker, to check the file or to import it. Raises JobBusy, MissingColumns, UnknownLayout."""
    require(actor, "ar.invoice.import")
    if post:
        require(actor, "ar.invoice.post")
    job = ImportJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise JobNotFound(N_("There is no such import."))
    if job.is_working or job.state == ImportJob.State.DONE:
        raise JobBusy(N_("This import is running or done."))
    chosen = layout_named(layout)
    job.layout = chosen.name
    job.mapping = dict(mapping) if chosen is GENERAL else dict(chosen.columns)
    column_positions(chosen, job.headings, job.mapping)
    if tax_rate not in (0, 5, 15):
        raise DomainError(
            N_("The VAT rate is 0, 5 or 15."), code="unknown_tax_rate", field="tax_rate"
        )
    job.tax_rate, job.post = tax_rate, post
    job.state = ImportJob.State.CHECKING if dry_run else ImportJob.State.RUNNING
    job.message, job.problems = "", []
    job.documents_expected = job.documents_done = 0
    job.save()
    enqueue_on_commit(TASK, current_company_id(), actor.user_id, str(job.pk))
    return job


def job_run(*, job_id: uuid.UUID, actor_id: int | None) -> None:
    """Do what the job's state asks for; called by the worker inside the company's scope. Safe to repeat."""
    with transaction.atomic():
        job = job_get(job_id)
        company = Company.objects.get(pk=current_company_id())
        user = User.objects.filter(pk=actor_id).first() if actor_id else None
    if not job.is_working:
        return
    with translation.override(user.language if user else "en"):
        _run(job, company)


def _run(job: ImportJob, company: Company) -> None:
    dry_run = job.state == ImportJob.State.CHECKING
    options = ImportOptions(
        layout=layout_named(job.layout),
        rules=ImportRules(company.currency, job.tax_rate),
        post=job.post,
        dry_run=dry_run,
        all_or_nothing=True,
        mapping=job.mapping,
    )
    with local_copy(job.stored_file) as path:
        problems = _Problems(path.with_name("problems.csv"))
        result = None
        try:
            result = import_file(path, options, progress=_Progress(job), problem=problems.add)
            job.state = ImportJob.State.CHECKED if dry_run else ImportJob.State.DONE
        except DomainError as error:
            job.state, job.message = ImportJob.State.FAILED, str(error)[:500]
        except Exception:
            # a bug or a database that went away: the page must not say "running" for ever
            job.state = ImportJob.State.FAILED
            job.message = translation.gettext("The import stopped unexpectedly; run it again.")
            _finish(job, result, problems)
            raise
        _finish(job, result, problems)


@transaction.atomic
def _finish(job: ImportJob, result: ImportResult | None, problems: _Problems) -> None:
    problems.close()
    job.problems, job.rejected = problems.shown, problems.count
    if problems.count:
        with problems.path.open("rb") as file:
            job.stored_problems = default_storage.save(
                f"imports/{job.company_id}/{uuid.uuid4()}.csv", File(file)
            )
    if result is not None:
        job.documents, job.lines, job.skipped = result.documents, result.lines, result.skipped
        job.net, job.vat = result.net, result.vat
    job.finished_at = timezone.now()
    job.save()
    audit_event(
        "IMPORT",
        "ar.import_job",
        job.pk,
        {
            "state": job.state,
            "file": job.file_name,
            "documents": job.documents,
            "rejected": job.rejected,
        },
    )


class _Progress:
    """Keeps the job row's progress, at most a few times a second."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.shown_at = timezone.now() - SHOWN_EVERY

    def __call__(self, done: int, total: int) -> None:
        now = timezone.now()
        if now - self.shown_at < SHOWN_EVERY and done < total:
            return
        self.shown_at = now
        self.job.documents_done, self.job.documents_expected = done, total
        with transaction.atomic():
            ImportJob.objects.filter(pk=self.job.pk).update(
                documents_done=done, documents_expected=total
            )


def spreadsheet_safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return (
        f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else text
    )


class _Problems:
    """Writes every refused row to a file and keeps the first ones for the page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        gettext = translation.gettext
        self.writer.writerow(
            [
                gettext("Row"),
                gettext("Document"),
                gettext("Column"),
                gettext("Value"),
                gettext("Reason"),
            ]
        )
        self.shown: list[dict[str, object]] = []
        self.count = 0

    def add(self, problem: RowProblem) -> None:
        """Note one refused row."""
        self.count += 1
        reason = str(problem.error)
        self.writer.writerow(
            [
                problem.row,
                *map(spreadsheet_safe, (problem.number, problem.field, problem.value, reason)),
            ]
        )
        if len(self.shown) < PROBLEMS_SHOWN:
            self.shown.append(
                {
                    "row": problem.row,
                    "number": problem.number,
                    "field": problem.field,
                    "value": problem.value.replace("\x00", ""),
                    "reason": reason,
                }
            )

    def close(self) -> None:
        """Finish the file."""
        self.file.close()
