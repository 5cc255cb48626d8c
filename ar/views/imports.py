"""Import of a file: upload, columns, dry run with the refused rows, import with its progress."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ar.imports.layouts import FIELD_LABELS, FIELDS, LAYOUTS, REQUIRED_FIELDS
from ar.models import ImportJob
from ar.services.import_jobs import job_create, job_get, job_start
from core.errors import DomainError
from documents.views.answers import principal_of
from tenancy.permissions import page
from web.htmx import field_errors, fragment, go_to

RECENT = 20
PERMISSION = "ar.invoice.import"


def _start_page(request: HttpRequest, *, errors: dict[str, list[str]], status: int) -> HttpResponse:
    context = {"jobs": ImportJob.objects.order_by("-created_at")[:RECENT], "errors": errors}
    return render(request, "ar/import/start.html", context, status=status)


@page(PERMISSION)
def import_start(request: HttpRequest) -> HttpResponse:
    """Show earlier imports and take a new file."""
    if request.method != "POST":
        return _start_page(request, errors={}, status=200)
    upload = request.FILES.get("file")
    if upload is None:
        return _start_page(request, errors={"file": [_("Choose a file.")]}, status=422)
    try:
        with transaction.atomic():
            job = job_create(upload=upload, actor=principal_of(request))
    except DomainError as error:
        return _start_page(request, errors=field_errors(error), status=422)
    return go_to(request, reverse("ar:import-job", args=[job.pk]))


def _columns(job: ImportJob) -> list[dict[str, object]]:
    """Return each field with its label and chosen heading."""
    return [
        {
            "name": name,
            "label": _(FIELD_LABELS[name]),
            "chosen": job.mapping.get(name, ""),
            "required": name in REQUIRED_FIELDS,
        }
        for name in FIELDS
    ]


def _job_page(
    request: HttpRequest, job: ImportJob, *, errors: dict[str, list[str]], status: int = 200
) -> HttpResponse:
    principal = principal_of(request)
    context = {
        "job": job,
        "columns": _columns(job),
        "layouts": [(layout.name, _(layout.label)) for layout in LAYOUTS.values()],
        "rates": (15, 5, 0),
        "errors": errors,
        "currency": principal.currency,
        "can_post": principal.has("ar.invoice.post"),
        "messages_shown": [text for texts in errors.values() for text in texts],
    }
    return render(request, "ar/import/job.html", context, status=status)


@require_GET
@page(PERMISSION)
def import_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show a job in whatever state it is: settings, progress, or what came of it."""
    return _job_page(request, job_get(job_id), errors={})


@require_POST
@page(PERMISSION)
def import_run(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Check the file or import it, by the button pressed."""
    rate = request.POST.get("tax_rate", "15")
    try:
        with transaction.atomic():
            job = job_start(
                job_id=job_id,
                layout=request.POST.get("layout", ""),
                mapping={
                    name: heading
                    for name in FIELDS
                    if (heading := request.POST.get(f"column_{name}", ""))
                },
                tax_rate=int(rate) if rate in ("0", "5", "15") else -1,
                post=request.POST.get("post") == "on",
                dry_run=request.POST.get("action") != "import",
                actor=principal_of(request),
            )
    except DomainError as error:
        return _job_page(request, job_get(job_id), errors=field_errors(error), status=422)
    return go_to(request, reverse("ar:import-job", args=[job.pk]))


@require_GET
@page(PERMISSION)
def import_progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The progress bar, asked for every second; when the work is done the whole page is shown anew."""
    job = job_get(job_id)
    if not job.is_working:
        return go_to(request, reverse("ar:import-job", args=[job.pk]))
    return fragment(request, "ar/import/_progress.html", {"job": job})


@require_GET
@page(PERMISSION)
def import_problems(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The refused rows as CSV."""
    job = job_get(job_id)
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
