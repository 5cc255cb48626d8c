"""Import of a file: upload, columns, dry run with the refused rows, import with its progress. For any kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from documents.import_problems import problems_named
from documents.services.import_jobs import ImportKind, job_create, job_get, job_start
from tenancy.permissions import View, page, principal_of
from tenancy.principal import Principal
from web.htmx import field_errors, fragment, go_to

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RECENT = 20


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice for all rows, beside the columns; `choices(actor)` lists (value, label)."""

    name: str
    label: StrOrPromise
    hint: StrOrPromise
    choices: Callable[[Principal], Sequence[tuple[str, StrOrPromise]]]
    width: str = "w-3"


@dataclass(frozen=True, slots=True)
class ImportPages:
    """The pages of one kind of import. `targets`: where to go when it is done, (label, name of the address)."""

    kind: ImportKind[Any]
    prefix: str
    start: str
    title: StrOrPromise
    labels: Mapping[str, str]
    required: Sequence[str]
    layouts: Mapping[str, str]
    settings: Sequence[Setting]
    targets: Sequence[tuple[StrOrPromise, str]]

    def address(self, action: str, job_id: uuid.UUID) -> str:
        """Return the address of a step of a job."""
        return reverse(f"{self.prefix}-{action}", args=[job_id])


def _start_page(
    request: HttpRequest, pages: ImportPages, *, errors: Mapping[str, list[str]], status: int
) -> HttpResponse:
    jobs = pages.kind.model.objects.order_by("-created_at")[:RECENT]
    context = {
        "pages": pages,
        "rows": [(job, pages.address("job", job.pk)) for job in jobs],
        "errors": errors,
    }
    return render(request, "documents/import/start.html", context, status=status)


def start_page(pages: ImportPages) -> View:
    """Return the page with earlier imports that takes a new file."""

    @page(pages.kind.permission)
    def import_start(request: HttpRequest) -> HttpResponse:
        """Show earlier imports and take a new file."""
        if request.method != "POST":
            return _start_page(request, pages, errors={}, status=200)
        upload = request.FILES.get("file")
        if upload is None:
            missing = {"file": [_("Choose a file.")]}
            return _start_page(request, pages, errors=missing, status=422)
        try:
            with transaction.atomic():
                job = job_create(kind=pages.kind, upload=upload, actor=principal_of(request))
        except DomainError as error:
            return _start_page(request, pages, errors=field_errors(error), status=422)
        return go_to(request, pages.address("job", job.pk))

    return import_start


def _job_page(
    request: HttpRequest,
    pages: ImportPages,
    job: Any,
    *,
    errors: Mapping[str, list[str]],
    status: int = 200,
) -> HttpResponse:
    principal = principal_of(request)
    context = {
        "pages": pages,
        "job": job,
        "columns": [
            {
                "name": name,
                "label": _(label),
                "chosen": job.mapping.get(name, ""),
                "required": name in pages.required,
            }
            for name, label in pages.labels.items()
        ],
        "layouts": [(name, _(label)) for name, label in pages.layouts.items()],
        "settings": [
            (one, one.choices(principal), str(getattr(job, one.name))) for one in pages.settings
        ],
        "errors": errors,
        "currency": principal.currency,
        "can_post": principal.has(pages.kind.post_permission),
        "messages_shown": [text for texts in errors.values() for text in texts],
        "run_url": pages.address("run", job.pk),
        "progress_url": pages.address("progress", job.pk),
        "problems_url": pages.address("problems", job.pk),
        "problems": problems_named(job.problems, pages.labels, job.mapping),
    }
    return render(request, "documents/import/job.html", context, status=status)


def job_page(pages: ImportPages) -> View:
    """Return the page of one import."""

    @require_GET
    @page(pages.kind.permission)
    def import_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """Show a job in whatever state it is: settings, progress, or what came of it."""
        return _job_page(request, pages, job_get(pages.kind, job_id), errors={})

    return import_job


def run_action(pages: ImportPages) -> View:
    """Return the step that checks or imports."""

    @require_POST
    @page(pages.kind.permission)
    def import_run(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """Check the file or import it, by the button pressed."""
        settings: dict[str, Any] = {
            one.name: request.POST.get(one.name, "") for one in pages.settings
        }
        settings["layout"] = request.POST.get("layout", "")
        settings["mapping"] = {
            name: heading
            for name in pages.labels
            if (heading := request.POST.get(f"column_{name}", ""))
        }
        try:
            with transaction.atomic():
                job = job_start(
                    kind=pages.kind,
                    job_id=job_id,
                    settings=settings,
                    post=request.POST.get("post") == "on",
                    dry_run=request.POST.get("action") != "import",
                    actor=principal_of(request),
                )
        except DomainError as error:
            job = job_get(pages.kind, job_id)
            return _job_page(request, pages, job, errors=field_errors(error), status=422)
        return go_to(request, pages.address("job", job.pk))

    return import_run


def progress_fragment(pages: ImportPages) -> View:
    """Return the progress of an import."""

    @require_GET
    @page(pages.kind.permission)
    def import_progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """The progress bar, asked for every second; when the work is done the whole page is shown anew."""
        job = job_get(pages.kind, job_id)
        if not job.is_working:
            return go_to(request, pages.address("job", job.pk))
        context = {"job": job, "progress_url": pages.address("progress", job.pk)}
        return fragment(request, "documents/import/_progress.html", context)

    return import_progress


def problems_file(pages: ImportPages) -> View:
    """Return the refused rows as a file."""

    @require_GET
    @page(pages.kind.permission)
    def import_problems(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """The refused rows as CSV."""
        job = job_get(pages.kind, job_id)
        if not job.stored_problems or not default_storage.exists(job.stored_problems):
            raise Http404
        name = get_valid_filename(f"refused-{job.file_name.rsplit('.', 1)[0] or 'rows'}") + ".csv"
        answer = FileResponse(
            default_storage.open(job.stored_problems),
            as_attachment=True,
            filename=name,
            content_type="text/csv; charset=utf-8",
        )
        return cast("HttpResponse", answer)  # a streaming answer is as good to the middleware

    return import_problems


def import_urls(pages: ImportPages, folder: str) -> list[URLPattern]:
    """Return the addresses of an import under `folder`."""
    name = pages.prefix.partition(":")[2]
    one = f"{folder}<uuid:job_id>/"
    return [
        path(folder, start_page(pages), name=pages.start.partition(":")[2]),
        path(one, job_page(pages), name=f"{name}-job"),
        path(f"{one}run/", run_action(pages), name=f"{name}-run"),
        path(f"{one}progress/", progress_fragment(pages), name=f"{name}-progress"),
        path(f"{one}refused/", problems_file(pages), name=f"{name}-problems"),
    ]
