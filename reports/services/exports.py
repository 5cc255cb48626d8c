"""Files in the background (SP-7): ask, write in chunks, cancel, keep for a while; what a lost message left is resumed.

The job row is the truth. A worker claims it, beats in it with every chunk, and stops when the row says so; a row
whose heart stopped is handed out again by beat.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from audit.services.events import audit_event
from core.errors import N_, DomainError
from core.queue import enqueue_on_commit
from core.transactions import write
from reports import lists, registry
from reports.asking import ask_of, heading_of
from reports.filters import setting_of
from reports.models import ExportJob
from reports.renderers import delimited, paper, workbook
from reports.report import Report
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal, resolve
from web.tables import ReportTable, Row

TASK = "reports.write_export"
PERMISSION = "reports.export.create"
KEPT = dt.timedelta(days=7)
#: Rows between two heartbeats.
CHUNK = 2000
#: A worker that was silent for so long is gone; a message that waited so long was lost.
SILENT = dt.timedelta(minutes=3)
MOST_ATTEMPTS = 3
#: What one person may have in the works at once.
MOST_WAITING = 5
State = ExportJob.State


class ExportNotFound(DomainError):
    """No export of this person has the id."""

    code = "not_found"
    status = 404


class TooManyExports(DomainError):
    """The person has enough exports in the works."""

    code = "too_many_exports"
    status = 409


class ExportOver(DomainError):
    """The export has ended: there is nothing to cancel, or no file to download."""

    code = "export_over"
    status = 409


class Cancelled(Exception):  # no error: somebody asked for it
    """The job's row says that nobody waits for the file any more."""


def source_of(source: str, key: str) -> lists.ExportList | Report:
    """Return the list or report. Raises DomainError at the field."""
    found = lists.BY_KEY.get(key) if source == "list" else registry.BY_KEY.get(key)
    if found is None:
        raise DomainError(N_("There is no such list or report."), code="unknown", field=source)
    return found


def clean_query(found: lists.ExportList | Report, query: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters that the list or report knows, as texts."""
    known = (
        found.parameters
        if isinstance(found, lists.ExportList)
        else tuple(one.key for one in found.filters)
    )
    return {
        key: str(query[key])[:200].replace("\0", "")
        for key in known
        if query.get(key) not in (None, "")
    }


@write
def export_create(
    *,
    source: str,
    key: str,
    form: str,
    query: Mapping[str, Any],
    language: str,
    actor: Principal,
) -> ExportJob:
    """Ask for a file. Raises DomainError at `report`, `list`, `format` or a filter; TooManyExports."""
    require(actor, PERMISSION)
    found = source_of(source, key)
    require(actor, found.permission)
    if form not in ExportJob.Format.values:
        raise DomainError(
            N_("Choose one of: %(choices)s."),
            code="invalid_choice",
            field="format",
            params={"choices": ", ".join(ExportJob.Format.values)},
        )
    filters = clean_query(found, query)
    if isinstance(found, Report):
        _ask, errors = ask_of(found, filters, actor.company)
        if errors:
            raise errors[0]
    working = ExportJob.objects.filter(
        created_by_id=actor.user_id, state__in=[State.QUEUED, State.RUNNING]
    )
    if working.count() >= MOST_WAITING:
        raise TooManyExports(
            N_("%(most)s of your exports are still being written; wait for one or cancel it."),
            params={"most": MOST_WAITING},
        )
    job = ExportJob.objects.create(
        source=source,
        key=found.key,
        title=str(found.title)[:200],
        query=filters,
        format=form,
        language=language if language in ("en", "ar") else "en",
        created_by_id=actor.user_id,
    )
    audit_event(
        "EXPORT",
        "reports.export_job",
        job.pk,
        {"what": f"{source}:{key}", "format": form, "filters": filters},
    )
    enqueue_on_commit(TASK, current_company_id(), actor.user_id, str(job.pk))
    return job


def exports_of(actor: Principal) -> Any:
    """Return the exports a person may see, newest first: one's own, an owner all."""
    rows = ExportJob.objects.select_related("created_by").order_by("-created_at", "-id")
    return rows if actor.role == "owner" else rows.filter(created_by_id=actor.user_id)


def export_get(job_id: uuid.UUID, actor: Principal) -> ExportJob:
    """Return an export. Raises ExportNotFound."""
    job: ExportJob | None = exports_of(actor).filter(pk=job_id).first()
    if job is None:
        raise ExportNotFound(N_("There is no such export."))
    return job


@write
def export_cancel(*, job_id: uuid.UUID, actor: Principal) -> ExportJob:
    """Cancel what waits or is being written. Raises ExportNotFound, ExportOver."""
    job = export_get(job_id, actor)
    changed = ExportJob.objects.filter(pk=job.pk, state__in=[State.QUEUED, State.RUNNING]).update(
        state=State.CANCELLED, finished_at=timezone.now()
    )
    if not changed:
        raise ExportOver(N_("This export has ended already."))
    job.refresh_from_db()
    return job


@write
def export_download(*, job_id: uuid.UUID, actor: Principal) -> tuple[ExportJob, Any]:
    """Return the file, open for reading, after asking for the right again. Raises ExportNotFound, ExportOver."""
    require(actor, PERMISSION)
    job = export_get(job_id, actor)
    require(actor, source_of(job.source, job.key).permission)
    if job.state != State.DONE or not default_storage.exists(job.stored_file):
        raise ExportOver(N_("The file is not there any more; export again."))
    audit_event("EXPORT", "reports.export_job", job.pk, {"downloaded": True, "format": job.format})
    return job, default_storage.open(job.stored_file)


def _claim(job_id: uuid.UUID) -> ExportJob | None:
    """Take the job, unless another worker is at it."""
    now = timezone.now()
    with transaction.atomic():
        free = Q(state=State.QUEUED) | Q(state=State.RUNNING, heartbeat_at__lt=now - SILENT)
        changed = ExportJob.objects.filter(free, pk=job_id).update(
            state=State.RUNNING,
            heartbeat_at=now,
            attempts=F("attempts") + 1,
            rows_done=0,
            message="",
        )
        return ExportJob.objects.get(pk=job_id) if changed else None


class _Progress:
    """Reads rows in chunks, each in a transaction of its own, and beats in the job's row between them."""

    def __init__(self, job: ExportJob) -> None:
        self.job = job
        self.done = 0

    def watched(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows. Raises Cancelled when the job was."""
        while True:
            with transaction.atomic():
                chunk = list(islice(rows, CHUNK))
            if not chunk:
                return
            yield from chunk
            self.done += len(chunk)
            self.beat()

    def beat(self, **changes: Any) -> None:
        """Say how far it is. Raises Cancelled when nobody waits any more."""
        with transaction.atomic():
            alive = ExportJob.objects.filter(
                pk=self.job.pk, state=State.RUNNING, attempts=self.job.attempts
            ).update(rows_done=self.done, heartbeat_at=timezone.now(), **changes)
        if not alive:
            raise Cancelled


def _table(job: ExportJob, principal: Principal) -> tuple[ReportTable, list[str]]:
    found = source_of(job.source, job.key)
    require(principal, PERMISSION)
    require(principal, found.permission)
    company = principal.company
    if isinstance(found, lists.ExportList):
        table = found.table(job.query, setting_of(company))
        said = " · ".join(f"{key}: {value}" for key, value in job.query.items())
        return table, [str(table.title), principal.company_name, "", said]
    ask, errors = ask_of(found, job.query, company, limit=None)
    if errors:
        raise errors[0]
    table = found.build(ask)
    return table, heading_of(found, table, ask, principal.company_name)


def _write(job: ExportJob, principal: Principal, path: Path) -> int:
    progress = _Progress(job)
    with transaction.atomic():
        table, heading = _table(job, principal)
    progress.beat(rows_expected=table.count)
    table = replace(table, rows=progress.watched(iter(table.rows)))
    if job.format == "csv":
        with path.open("w", encoding="utf-8", newline="", errors="replace") as text:
            return delimited.write_csv(table, text)
    if job.format == "xlsx":
        with path.open("wb") as binary:
            return workbook.write_workbook(table, binary, heading=heading)
    path.write_bytes(
        paper.pdf_bytes(table, company=principal.company, heading=heading, who=principal.full_name)
    )
    return progress.done


def export_run(*, job_id: uuid.UUID) -> None:
    """Write the file; called by a worker inside the company's scope. Delivered twice, it runs once."""
    job = _claim(job_id)
    if job is None:
        return
    with transaction.atomic():
        principal = resolve(job.created_by_id, current_company_id())
    with (
        translation.override(job.language),
        tempfile.TemporaryDirectory(prefix="mizan-export-") as folder,
    ):
        path = Path(folder) / f"export.{job.format}"
        try:
            if principal is None:
                raise DomainError(N_("This person works here no longer."))
            rows = _write(job, principal, path)
            _keep(job, path, rows)
        except Cancelled:
            return
        except DomainError as error:
            _stop(job, str(error))
        except Exception:
            # a bug or a database that went away: the page must not say "being written" for ever
            _stop(job, translation.gettext("The export stopped unexpectedly; try again."))
            raise


def _keep(job: ExportJob, path: Path, rows: int) -> None:
    with path.open("rb") as file:
        name = default_storage.save(
            f"exports/{current_company_id()}/{uuid.uuid4()}.{job.format}", File(file)
        )
    now = timezone.now()
    with transaction.atomic():
        kept = ExportJob.objects.filter(
            pk=job.pk, state=State.RUNNING, attempts=job.attempts
        ).update(
            state=State.DONE,
            stored_file=name,
            size=path.stat().st_size,
            rows_done=rows,
            rows_expected=rows,
            finished_at=now,
            expires_at=now + KEPT,
        )
    if not kept:
        default_storage.delete(name)


def _stop(job: ExportJob, message: str) -> None:
    with transaction.atomic():
        ExportJob.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts).update(
            state=State.FAILED, message=message[:500], finished_at=timezone.now()
        )


@write
def exports_care() -> None:
    """Delete what has expired and hand out again what was lost. Called by beat inside a company's scope."""
    now = timezone.now()
    for job in ExportJob.objects.filter(state=State.DONE, expires_at__lt=now):
        transaction.on_commit(partial(default_storage.delete, job.stored_file))
        job.state, job.stored_file = State.EXPIRED, ""
        job.save(update_fields=["state", "stored_file"])
    silent = Q(state=State.RUNNING, heartbeat_at__lt=now - SILENT) | Q(
        state=State.QUEUED, created_at__lt=now - SILENT
    )
    for job in ExportJob.objects.filter(silent).select_for_update(skip_locked=True):
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = State.FAILED, now
            job.message = translation.gettext("The export stopped unexpectedly; try again.")
            job.save(update_fields=["state", "finished_at", "message"])
        else:
            enqueue_on_commit(TASK, current_company_id(), job.created_by_id, str(job.pk))
