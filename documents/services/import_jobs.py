"""Imports from the page: upload, dry run, import; the job row says how far it is, whoever looks and whenever.

A kind of import hands in what is its own as an `ImportKind`: how columns are guessed, how settings are checked, and the
function that reads the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from audit.services.events import audit_event
from core.errors import N_, DomainError
from core.queue import enqueue_on_commit
from core.text import spreadsheet_safe
from core.transactions import write
from documents.models.import_job import ImportJobRow
from documents.readers import UnreadableFile, headings_of, opened_table, sample_rows
from tenancy.context import current_company_id
from tenancy.models import Company, User
from tenancy.permissions import require
from tenancy.principal import Principal

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
#: Refused rows kept on the job for the page; the file to download has all of them.
PROBLEMS_SHOWN = 200
SHOWN_EVERY = dt.timedelta(milliseconds=400)
#: A worker that was silent for so long is gone; its job is handed out again, a few times.
SILENT = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 3

JobT = TypeVar("JobT", bound=ImportJobRow)


class JobBusy(DomainError):
    """The import is being checked or written; its settings stay."""

    code = "import_busy"
    status = 409


class JobNotFound(DomainError):
    """No import of this company has the id."""

    code = "not_found"
    status = 404


@dataclass(frozen=True, kw_only=True)
class ImportKind(Generic[JobT]):
    """What distinguishes one kind of import.

    `guess(headings)` returns layout and mapping; `settle(job, settings)` checks what was chosen and puts it on the job;
    `run(job, company, path, dry_run, progress, report)` does the work and puts its counts on the job.
    """

    name: str
    model: type[JobT]
    task: str
    permission: str
    post_permission: str
    guess: Callable[[Sequence[str]], tuple[str, dict[str, str]]]
    settle: Callable[[JobT, Mapping[str, Any]], None]
    run: Callable[
        [JobT, Company, Path, bool, Callable[[int, int], None], Callable[[Any], None]], None
    ]


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
def job_create(*, kind: ImportKind[JobT], upload: UploadedFile, actor: Principal) -> JobT:
    """Store an upload and read its headings. Raises UnreadableFile."""
    require(actor, kind.permission)
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
    layout, mapping = kind.guess(headings)
    job: JobT = kind.model.objects.create(
        file_name=Path(upload.name or "").name[:200],
        stored_file=name,
        layout=layout,
        mapping=mapping,
        headings=headings,
        sample=sample,
        created_by_id=actor.user_id,
    )
    return job


def job_get(kind: ImportKind[JobT], job_id: uuid.UUID, *, lock: bool = False) -> JobT:
    """Return a job. Raises JobNotFound."""
    rows = kind.model.objects.filter(pk=job_id)
    job: JobT | None = (rows.select_for_update() if lock else rows).first()
    if job is None:
        raise JobNotFound(N_("There is no such import."))
    return job


@write
def job_start(
    *,
    kind: ImportKind[JobT],
    job_id: uuid.UUID,
    settings: Mapping[str, Any],
    post: bool,
    dry_run: bool,
    actor: Principal,
) -> JobT:
    """Hand the job to a worker, to check the file or to import it. Raises JobBusy and what `settle` raises."""
    require(actor, kind.permission)
    if post:
        require(actor, kind.post_permission)
    job = job_get(kind, job_id, lock=True)
    if job.is_working or job.state == ImportJobRow.State.DONE:
        raise JobBusy(N_("This import is running or done."))
    kind.settle(job, settings)
    job.post = post
    job.state = ImportJobRow.State.CHECKING if dry_run else ImportJobRow.State.RUNNING
    job.message, job.problems = "", []
    job.documents_expected = job.documents_done = 0
    job.heartbeat_at, job.attempts = None, 0
    job.save()
    enqueue_on_commit(kind.task, current_company_id(), actor.user_id, str(job.pk))
    return job


def _claim(kind: ImportKind[JobT], job_id: uuid.UUID) -> JobT | None:
    """Take the job, unless it has ended or another worker is at it."""
    now = timezone.now()
    free = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=now - SILENT)
    working = (ImportJobRow.State.CHECKING, ImportJobRow.State.RUNNING)
    changed = kind.model.objects.filter(free, pk=job_id, state__in=working).update(
        heartbeat_at=now, attempts=F("attempts") + 1
    )
    return job_get(kind, job_id) if changed else None


def job_run(kind: ImportKind[JobT], *, job_id: uuid.UUID, actor_id: int | None) -> None:
    """Do what the job's state asks for; called by the worker inside the company's scope. Safe to repeat."""
    with transaction.atomic():
        job = _claim(kind, job_id)
        company = Company.objects.get(pk=current_company_id())
        user = User.objects.filter(pk=actor_id).first() if actor_id else None
    if job is None:
        return
    with translation.override(user.language if user else "en"):
        _run(kind, job, company)


@write
def jobs_care(*, kind: ImportKind[Any]) -> None:
    """Hand out again what a lost message or a dead worker left; give up what fails again and again. For beat."""
    silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=timezone.now() - SILENT)
    working = (ImportJobRow.State.CHECKING, ImportJobRow.State.RUNNING)
    rows = kind.model.objects.filter(silent, state__in=working)
    for job in rows.select_for_update(skip_locked=True):
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = ImportJobRow.State.FAILED, timezone.now()
            job.message = translation.gettext("The import stopped unexpectedly; run it again.")
            job.save(update_fields=["state", "finished_at", "message"])
        else:
            enqueue_on_commit(kind.task, current_company_id(), job.created_by_id, str(job.pk))


def _run(kind: ImportKind[JobT], job: JobT, company: Company) -> None:
    dry_run = job.state == ImportJobRow.State.CHECKING
    with local_copy(job.stored_file) as path:
        problems = _Problems(path.with_name("problems.csv"))
        try:
            kind.run(job, company, path, dry_run, _Progress(job), problems.add)
            job.state = ImportJobRow.State.CHECKED if dry_run else ImportJobRow.State.DONE
        except DomainError as error:
            job.state, job.message = ImportJobRow.State.FAILED, str(error)[:500]
        except Exception:
            # a bug or a database that went away: the page must not say "running" for ever
            job.state = ImportJobRow.State.FAILED
            job.message = translation.gettext("The import stopped unexpectedly; run it again.")
            _finish(kind, job, problems)
            raise
        _finish(kind, job, problems)


@transaction.atomic
def _finish(kind: ImportKind[Any], job: ImportJobRow, problems: _Problems) -> None:
    problems.close()
    job.problems, job.rejected = problems.shown, problems.refused
    job.stored_problems = ""
    if problems.count:
        with problems.path.open("rb") as file:
            job.stored_problems = default_storage.save(
                f"imports/{job.company_id}/{uuid.uuid4()}.csv", File(file)
            )
    job.finished_at = timezone.now()
    job.save()
    audit_event(
        "IMPORT",
        kind.name,
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

    def __init__(self, job: ImportJobRow) -> None:
        self.job = job
        self.shown_at = timezone.now() - SHOWN_EVERY

    def __call__(self, done: int, total: int) -> None:
        now = timezone.now()
        if now - self.shown_at < SHOWN_EVERY and done < total:
            return
        self.shown_at = now
        self.job.documents_done, self.job.documents_expected = done, total
        with transaction.atomic():
            type(self.job).objects.filter(pk=self.job.pk).update(
                documents_done=done, documents_expected=total, heartbeat_at=now
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
        self.refused = 0
        self.last_row: int | None = None

    def add(self, problem: Any) -> None:
        """Note one refused row, or one that came in with a warning."""
        is_warning = bool(getattr(problem, "is_warning", False))
        self.count += 1
        # a row with two wrong cells is one refused row
        if not is_warning and problem.row != self.last_row:
            self.refused += 1
            self.last_row = problem.row
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
                    "warning": is_warning,
                }
            )

    def close(self) -> None:
        """Finish the file."""
        self.file.close()
