"""Opening balances: the four steps, a file on its way, the proof."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.dates import local_today, month_start
from core.errors import DomainError
from core.inputs import parse_date
from documents.import_problems import problems_named
from ledger.file_columns import labels_of
from opening.files import FIELDS
from opening.models import OpeningFile
from opening.selectors.proof import opening_proof
from opening.services.files import (
    PERMISSION,
    FileNotFound,
    file_check,
    file_create,
    file_get,
    file_post,
    file_undo,
)
from tenancy.permissions import page, principal_of

RECENT = 50


def _start(request: HttpRequest, refusals: list[str]) -> HttpResponse:
    proof = opening_proof()
    return render(
        request,
        "opening/start.html",
        {
            "files": OpeningFile.objects.order_by("-created_at")[:RECENT],
            "steps": OpeningFile.Step.choices,
            "step": request.POST.get("step", ""),
            "date": request.POST.get("date", "") or month_start(local_today()).isoformat(),
            "proof": proof,
            "is_proved": all(row.is_zero for row in proof),
            "has_posted": OpeningFile.objects.filter(state="posted").exists(),
            "refusals": refusals,
        },
        status=422 if refusals else 200,
    )


@page(PERMISSION)
def start(request: HttpRequest) -> HttpResponse:
    """The steps, the files and the proof; POST takes a new file."""
    if request.method != "POST":
        return _start(request, [])
    upload = request.FILES.get("file")
    if upload is None:
        return _start(request, [_("Choose a file.")])
    try:
        stored = file_create(
            step=request.POST.get("step", ""),
            date=parse_date(request.POST.get("date"), field="date"),
            upload=upload,
            actor=principal_of(request),
        )
    except DomainError as error:
        return _start(request, [error.message])
    return redirect("opening:file", file_id=stored.pk)


def _file(request: HttpRequest, stored: OpeningFile, refusals: list[str]) -> HttpResponse:
    return render(
        request,
        "opening/file.html",
        {
            "file": stored,
            "columns": [
                {
                    "name": field.name,
                    "label": _(field.label),
                    "required": field.required,
                    "chosen": stored.mapping.get(field.name, ""),
                }
                for field in FIELDS[stored.step]
            ],
            "problems": problems_named(
                stored.problems, labels_of(FIELDS[stored.step]), stored.mapping
            ),
            "refusals": refusals,
            "is_open": stored.state in ("uploaded", "checked"),
            "has_parties": stored.step != "accounts",
        },
        status=422 if refusals else 200,
    )


@require_GET
@page(PERMISSION)
def file_page(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """A file: how it is read, what the check found, what it posted."""
    try:
        return _file(request, file_get(file_id), [])
    except FileNotFound as error:
        raise Http404 from error


@require_POST
@page(PERMISSION)
def file_run(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Check the file or post it, by the button pressed."""
    try:
        stored = file_get(file_id)
    except FileNotFound as error:
        raise Http404 from error
    run = file_post if request.POST.get("action") == "post" else file_check
    mapping = {
        field.name: heading
        for field in FIELDS[stored.step]
        if (heading := request.POST.get(f"column_{field.name}", ""))
    }
    create = request.POST.get("create_parties") == "on"
    actor = principal_of(request)
    try:
        run(file_id=file_id, mapping=mapping, create_parties=create, actor=actor)
    except DomainError as error:
        if error.status == 403:
            raise
        if error.code == "rows_refused":
            # nothing was posted: show the rows as a check does
            file_check(file_id=file_id, mapping=mapping, create_parties=create, actor=actor)
        return _file(request, file_get(file_id), [error.message])
    return redirect("opening:file", file_id=file_id)


@require_POST
@page(PERMISSION)
def file_back(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Take a posted file back."""
    try:
        file_undo(file_id=file_id, actor=principal_of(request))
    except FileNotFound as error:
        raise Http404 from error
    except DomainError as error:
        if error.status == 403:
            raise
        return _file(request, file_get(file_id), [error.message])
    messages.success(request, _("The file was taken back."))
    return redirect("opening:file", file_id=file_id)
