"""Exports: ask for a file, watch it being written, cancel, download."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from reports import lists
from reports.models import ExportJob
from reports.renderers.download import file_answer
from reports.report import Report
from reports.services.exports import (
    PERMISSION,
    clean_query,
    export_cancel,
    export_create,
    export_download,
    export_get,
    exports_of,
    source_of,
)
from tenancy.permissions import page, principal_of, require
from web.htmx import HtmxHttpRequest, field_errors, fragment, go_to
from web.lists import paginate

FORMATS = (("csv", "CSV", "file"), ("xlsx", "Excel", "columns"), ("pdf", "PDF", "pdf"))


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Return what is to be exported: ("report" or "list", its key)."""
    values = request.POST if request.method == "POST" else request.GET
    if values.get("list"):
        return "list", values["list"][:40]
    return "report", values.get("report", "")[:40]


@page(PERMISSION)
def export_new(request: HtmxHttpRequest) -> HttpResponse:
    """Choose the format of a list or report with the filters it was opened with; POST queues it."""
    principal = principal_of(request)
    source, key = _asked(request)
    try:
        found = source_of(source, key)
    except DomainError as error:
        raise Http404 from error
    require(principal, found.permission)
    values = request.POST if request.method == "POST" else request.GET
    query = clean_query(found, values.dict())
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            with transaction.atomic():
                job = export_create(
                    source=source,
                    key=key,
                    form=values.get("format", ""),
                    query=query,
                    language=(get_language() or "en")[:2],
                    actor=principal,
                )
            return go_to(request, reverse("reports:export", args=[job.pk]))
        except DomainError as error:
            errors = field_errors(error)
    context = {
        "found": found,
        "source": source,
        "query": query,
        "said": _said(found, query),
        "formats": FORMATS,
        "lines": [text for texts in errors.values() for text in texts],
    }
    return render(request, "reports/export_new.html", context, status=422 if errors else 200)


def _said(found: lists.ExportList | Report, query: dict[str, str]) -> list[tuple[str, str]]:
    if isinstance(found, lists.ExportList):
        return list(query.items())
    labels = {one.key: str(one.label) for one in found.filters}
    return [(labels[key], text) for key, text in query.items()]


@require_GET
@page(PERMISSION)
def export_list(request: HtmxHttpRequest) -> HttpResponse:
    """One's own exports, an owner sees all of them."""
    rows = paginate(request, exports_of(principal_of(request)), 20)
    return render(request, "reports/export_list.html", {"page": rows})


def _job(request: HtmxHttpRequest, job_id: uuid.UUID) -> ExportJob:
    try:
        return export_get(job_id, principal_of(request))
    except DomainError as error:
        raise Http404 from error


@require_GET
@page(PERMISSION)
def export_page(request: HtmxHttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """One export in whatever state it is."""
    return render(request, "reports/export.html", {"job": _job(request, job_id)})


@require_GET
@page(PERMISSION)
def export_progress(request: HtmxHttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The progress, asked for every second; when the work is done the whole page is shown anew."""
    job = _job(request, job_id)
    if not job.is_working:
        return go_to(request, reverse("reports:export", args=[job.pk]))
    return fragment(request, "reports/_export_progress.html", {"job": job})


@require_POST
@page(PERMISSION)
def export_stop(request: HtmxHttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Cancel an export; one that has ended meanwhile is shown as it is."""
    _job(request, job_id)
    try:
        with transaction.atomic():
            export_cancel(job_id=job_id, actor=principal_of(request))
    except DomainError:
        pass  # it ended first: its page says so
    return HttpResponseRedirect(reverse("reports:export", args=[job_id]))


@require_GET
@page(PERMISSION)
def export_file(request: HtmxHttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The file, for whoever is signed in and may still see what is in it."""
    _job(request, job_id)
    job, file = export_download(job_id=job_id, actor=principal_of(request))
    return file_answer(job, file)
