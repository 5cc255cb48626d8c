"""Import of journals: upload, columns and accounts, dry run, import."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from documents.import_problems import problems_named
from ledger.errors import JournalNotFound
from ledger.file_columns import labels_of
from ledger.journal_file import FIELDS
from ledger.models import Account, JournalImport
from ledger.services.import_jobs import PERMISSION, import_create, import_get, import_run
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest

RECENT = 20
ACCOUNTS_SHOWN = 200


def _start(request: HttpRequest, refusals: list[str]) -> HttpResponse:
    return render(
        request,
        "ledger/import/start.html",
        {
            "jobs": JournalImport.objects.order_by("-created_at")[:RECENT],
            "refusals": refusals,
        },
        status=422 if refusals else 200,
    )


@page(PERMISSION)
def import_start(request: HtmxHttpRequest) -> HttpResponse:
    """Earlier imports; POST takes a new file."""
    if request.method != "POST":
        return _start(request, [])
    upload = request.FILES.get("file")
    if upload is None:
        return _start(request, [_("Choose a file.")])
    try:
        job = import_create(upload=upload, actor=principal_of(request))
    except DomainError as error:
        return _start(request, [error.message])
    return redirect("ledger:import-job", job_id=job.pk)


def _job(request: HttpRequest, job: JournalImport, refusals: list[str]) -> HttpResponse:
    return render(
        request,
        "ledger/import/job.html",
        {
            "job": job,
            "columns": [
                {
                    "name": field.name,
                    "label": _(field.label),
                    "required": field.required,
                    "chosen": job.mapping.get(field.name, ""),
                }
                for field in FIELDS
            ],
            "unknown": [
                {"name": name, "code": job.accounts.get(name, "")}
                for name in job.unknown_accounts[:ACCOUNTS_SHOWN]
            ],
            "accounts": Account.objects.filter(is_posting=True, is_active=True).order_by("code"),
            "problems": problems_named(job.problems, labels_of(FIELDS), job.mapping),
            "refusals": refusals,
        },
        status=422 if refusals else 200,
    )


@require_GET
@page(PERMISSION)
def import_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A file on its way: how it is read, what a check found, what was imported."""
    try:
        return _job(request, import_get(job_id), [])
    except JournalNotFound as error:
        raise Http404 from error


@require_POST
@page(PERMISSION)
def import_go(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Check the file or import it, by the button pressed."""
    names = request.POST.getlist("account_name")
    codes = request.POST.getlist("account_code")
    try:
        job = import_run(
            job_id=job_id,
            mapping={
                field.name: heading
                for field in FIELDS
                if (heading := request.POST.get(f"column_{field.name}", ""))
            },
            accounts={
                **import_get(job_id).accounts,
                **{name[:200]: code[:20] for name, code in zip(names, codes, strict=False) if code},
            },
            create_accounts=request.POST.get("create_accounts") == "on",
            dry_run=request.POST.get("action") != "import",
            actor=principal_of(request),
        )
    except JournalNotFound as error:
        raise Http404 from error
    except DomainError as error:
        if error.status == 403:
            raise
        return _job(request, import_get(job_id), [error.message])
    return redirect("ledger:import-job", job_id=job.pk)
