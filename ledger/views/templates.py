"""Templates of journals and the schedules that use them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_uuid
from core.money import minor_digits
from documents.views.answers import call, once, read_json
from ledger.forms.rates import CURRENCIES
from ledger.forms.recurring import RecurringChange, RecurringForm
from ledger.models import JournalTemplate, ManualJournal, RecurringJournal, TaxCode
from ledger.selectors.manual import template_payload
from ledger.services.manual import PERMISSION
from ledger.services.recurring import (
    next_dates,
    recurring_create,
    recurring_run,
    recurring_update,
)
from ledger.services.templates import (
    parse_template,
    template_create,
    template_update,
)
from ledger.views.manual_text import grid_text
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate

DATES_SHOWN = 3
JOURNALS_SHOWN = 12


@page("ledger.journal.view")
def template_list(request: HtmxHttpRequest) -> HttpResponse:
    """Templates by name."""
    return render(
        request,
        "ledger/template/list.html",
        {"page": paginate(request, JournalTemplate.objects.order_by("name", "id"))},
    )


def _editor(request: HttpRequest, template: JournalTemplate | None) -> HttpResponse:
    principal = principal_of(request)
    own = principal.currency
    lines = list(template.lines.select_related("account").order_by("position")) if template else []
    payload: dict[str, Any] = {
        "name": template.name if template else "",
        "kind": template.kind if template else "normal",
        "currency": template.currency if template else own,
        "description": template.description if template else "",
        "is_active": template.is_active if template else True,
        "version": template.version if template else None,
        "lines": template_payload(lines),
    }
    config = {
        "key": str(uuid.uuid4()),
        "document": str(template.pk) if template else "",
        "currency": own,
        "digits": {code: minor_digits(code) for code in (own, *CURRENCIES)},
        "language": principal.language,
        "payload": payload,
        "urls": {
            "save": reverse("ledger:template-save"),
            "accounts": reverse("ledger:account-lookup"),
            "parties": reverse("ledger:party-lookup"),
            "rows": reverse("ledger:account-rows"),
        },
        "text": grid_text(),
    }
    return render(
        request,
        "ledger/template/editor.html",
        {
            "config": config,
            "template": template,
            "currencies": [own, *(code for code in CURRENCIES if code != own)],
            "tax_codes": TaxCode.objects.filter(is_active=True).order_by("direction", "code"),
            "title": template.name if template else _("New template"),
            "rail_width": "narrow",
        },
    )


@page(PERMISSION)
def template_new(request: HttpRequest) -> HttpResponse:
    """An empty template."""
    return _editor(request, None)


@page(PERMISSION)
def template_page(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """A template in its editor."""
    template = JournalTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise Http404
    return _editor(request, template)


@require_POST
@call(PERMISSION)
@once("ledger.template.save")
def template_save(request: HttpRequest) -> HttpResponse:
    """Save a typed template: {document, payload} -> {url}."""
    principal = principal_of(request)
    body = read_json(request.body)
    payload = body.get("payload")
    typed = parse_template(
        payload if isinstance(payload, dict) else {},
        currency=principal.currency,
        today=local_today(),
    )
    if body.get("document"):
        template = template_update(
            template_id=parse_uuid(body["document"], field="document"),
            typed=typed,
            actor=principal,
        )
    else:
        template = template_create(typed=typed, actor=principal)
    return JsonResponse(
        {"id": str(template.pk), "url": reverse("ledger:template-list")},
        status=200 if body.get("document") else 201,
    )


def _schedules() -> list[dict[str, Any]]:
    rows = list(RecurringJournal.objects.select_related("template").order_by("next_date", "id"))
    made: dict[uuid.UUID, list[ManualJournal]] = {}
    for journal in ManualJournal.objects.filter(recurring_id__in=[row.pk for row in rows]).order_by(
        "-recurring_date"
    )[: JOURNALS_SHOWN * max(len(rows), 1)]:
        made.setdefault(journal.recurring_id, []).append(journal)
    return [
        {
            "schedule": row,
            "next": next_dates(row, DATES_SHOWN),
            "journals": made.get(row.pk, [])[:DATES_SHOWN],
        }
        for row in rows
    ]


def _recurring_page(
    request: HttpRequest, form: RecurringForm | None = None, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "ledger/recurring/list.html",
        {
            "rows": _schedules(),
            "form": form or RecurringForm(initial={"start_date": local_today()}),
            "today": local_today(),
        },
        status=status,
    )


@page("ledger.journal.view")
def recurring_list(request: HtmxHttpRequest) -> HttpResponse:
    """Schedules with their next dates and last result; POST adds one."""
    if request.method != "POST":
        return _recurring_page(request)
    form = RecurringForm(request.POST)
    if form.is_valid():
        try:
            recurring_create(**form.values(), actor=principal_of(request))
        except DomainError as error:
            if error.status == 403:
                raise
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:recurring-list")
    return _recurring_page(request, form, form.status)


@page(PERMISSION)
def recurring_edit(request: HtmxHttpRequest, schedule_id: uuid.UUID) -> HttpResponse:
    """Change what is still to come of a schedule."""
    schedule = RecurringJournal.objects.select_related("template").filter(pk=schedule_id).first()
    if schedule is None:
        raise Http404
    form = RecurringChange(
        request.POST or None,
        initial={name: getattr(schedule, name) for name in RecurringChange.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            recurring_update(
                schedule_id=schedule_id, **form.cleaned_data, actor=principal_of(request)
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:recurring-list")
    return render(
        request,
        "ledger/recurring/form.html",
        {"form": form, "schedule": schedule},
        status=form.status,
    )


@require_POST
@page(PERMISSION)
def recurring_run_page(request: HttpRequest, schedule_id: uuid.UUID) -> HttpResponse:
    """Make the journals of a schedule that are due now."""
    made = recurring_run(schedule_id=schedule_id, today=local_today(), actor=principal_of(request))
    schedule = RecurringJournal.objects.get(pk=schedule_id)
    if schedule.last_result == RecurringJournal.Result.FAILED:
        messages.error(request, schedule.last_message)
    else:
        messages.success(request, _("Journals made: %(count)s.") % {"count": made})
    return redirect("ledger:recurring-list")
