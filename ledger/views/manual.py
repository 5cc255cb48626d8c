"""Journals by hand: list, page, editor and the calls of its grid."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_date, parse_decimal, parse_uuid
from core.money import ZERO, minor_digits
from core.text import search_key
from documents.views.answers import call, once, read_json
from ledger.forms.rates import CURRENCIES
from ledger.models import JournalTemplate, ManualJournal, TaxCode
from ledger.parties import parties_found
from ledger.selectors.accounts import account_choice, accounts_by_text, accounts_found
from ledger.selectors.manual import (
    STATES,
    ManualWhole,
    editor_payload,
    manual_found,
    manual_whole,
    typed_payload,
)
from ledger.services.manual import (
    PERMISSION,
    manual_create,
    manual_create_posted,
    manual_delete,
    manual_post,
    manual_reverse,
    manual_update,
)
from ledger.services.templates import (
    journal_from_template,
    template_from_journal,
    template_get,
)
from ledger.typed import parse_journal
from ledger.views.manual_text import grid_text
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest, field_errors
from web.lists import day_in, paginate

LARGEST_CLIP = 2_000


@page("ledger.journal.view")
def manual_list(request: HtmxHttpRequest) -> HttpResponse:
    """Journals by hand, newest first."""
    status = request.GET.get("status", "")
    status = status if status in STATES else ""
    text = request.GET.get("q", "").strip()[:100].replace("\0", "")
    rows = manual_found(
        text=text, status=status, since=day_in(request, "from"), until=day_in(request, "to")
    )
    return render(
        request,
        "ledger/manual/list.html",
        {
            "page": paginate(request, rows),
            "q": text,
            "status": status,
            "states": ManualJournal.Status.choices,
            "since": day_in(request, "from"),
            "until": day_in(request, "to"),
        },
    )


def _whole(journal_id: uuid.UUID) -> ManualWhole:
    whole = manual_whole(journal_id)
    if whole is None:
        raise Http404
    return whole


@page("ledger.journal.view")
def manual_page(request: HtmxHttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """One journal with its lines and what may be done with it."""
    return _page(request, _whole(journal_id))


def _page(
    request: HttpRequest, whole: ManualWhole, *, error: DomainError | None = None, dialog: str = ""
) -> HttpResponse:
    principal = principal_of(request)
    journal, may = whole.journal, principal.has(PERMISSION)
    is_draft = journal.status == ManualJournal.Status.DRAFT
    errors = field_errors(error) if error else {}
    return render(
        request,
        "ledger/manual/detail.html",
        {
            "journal": journal,
            "whole": whole,
            "lines": [(line, whole.party_of(line)) for line in whole.lines],
            "may_edit": may and is_draft,
            "may_reverse": may and not is_draft and whole.mirror is None,
            "may_keep": may,
            "refusals": [text for found in errors.values() for text in found],
            "dialog": dialog,
            "at_field": {name: " ".join(found) for name, found in errors.items() if name},
            "general": errors.get("", []),
            "today": max(local_today(), journal.date),
            "typed": request.POST,
            "attachments_url": reverse(
                "documents:attachments", args=["ledger.manual_journal", journal.pk]
            ),
        },
        status=422 if error else 200,
    )


def _editor(
    request: HttpRequest, *, payload: dict[str, Any], journal: ManualJournal | None
) -> HttpResponse:
    principal = principal_of(request)
    own = principal.currency
    config = {
        "key": str(uuid.uuid4()),
        "document": str(journal.pk) if journal else "",
        "currency": own,
        "digits": {code: minor_digits(code) for code in (own, *CURRENCIES)},
        "language": principal.language,
        "payload": payload,
        "urls": {
            "save": reverse("ledger:manual-save"),
            "accounts": reverse("ledger:account-lookup"),
            "parties": reverse("ledger:party-lookup"),
            "rows": reverse("ledger:account-rows"),
        },
        "text": grid_text(),
    }
    return render(
        request,
        "ledger/manual/editor.html",
        {
            "config": config,
            "journal": journal,
            "payload": payload,
            "currencies": [own, *(code for code in CURRENCIES if code != own)],
            "tax_codes": TaxCode.objects.filter(is_active=True).order_by("direction", "code"),
            "templates": JournalTemplate.objects.filter(is_active=True).order_by("name"),
            "title": _("Draft journal") if journal else _("New journal"),
            "rail_width": "narrow",
        },
    )


@require_GET
@page(PERMISSION)
def manual_new(request: HttpRequest) -> HttpResponse:
    """An empty journal, or one from a template or a copy of another (`template` with `amount`, `copy`)."""
    payload: dict[str, Any] = {
        "date": local_today().isoformat(),
        "kind": "normal",
        "currency": principal_of(request).currency,
        "lines": [],
    }
    try:
        payload = _started(request) or payload
    except DomainError as error:
        messages.error(request, " ".join(str(one) for one in getattr(error, "errors", [error])))
    return _editor(request, payload=payload, journal=None)


def _started(request: HttpRequest) -> dict[str, Any] | None:
    if chosen := request.GET.get("template"):
        template = template_get(parse_uuid(chosen, field="template"))
        amount = request.GET.get("amount", "").strip()
        return typed_payload(
            journal_from_template(
                template=template,
                date=local_today(),
                amount=parse_decimal(
                    amount, field="amount", places=minor_digits(template.currency), above=ZERO
                )
                if amount
                else None,
            )
        )
    if chosen := request.GET.get("copy"):
        whole = manual_whole(parse_uuid(chosen, field="copy"))
        if whole is not None:
            copied = editor_payload(whole)
            return copied | {"date": local_today().isoformat(), "version": None}
    return None


@require_GET
@page(PERMISSION)
def manual_edit(request: HttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """A draft in the editor; a posted journal goes to its own page."""
    whole = _whole(journal_id)
    if whole.journal.status != ManualJournal.Status.DRAFT:
        return redirect("ledger:manual", journal_id=journal_id)
    return _editor(request, payload=editor_payload(whole), journal=whole.journal)


@require_POST
@call(PERMISSION)
@once("ledger.manual.save")
def manual_save(request: HttpRequest) -> HttpResponse:
    """Save the typed journal, and post it when asked: {document, post, payload} -> {url}."""
    principal = principal_of(request)
    body = read_json(request.body)
    payload = body.get("payload")
    typed = parse_journal(
        payload if isinstance(payload, dict) else {},
        currency=principal.currency,
        today=local_today(),
    )
    post = body.get("post") is True
    if body.get("document"):
        journal = manual_update(
            journal_id=parse_uuid(body["document"], field="document"), typed=typed, actor=principal
        )
        if post:
            journal = manual_post(journal_id=journal.pk, actor=principal)
    elif post:
        journal = manual_create_posted(typed=typed, actor=principal)
    else:
        journal = manual_create(typed=typed, actor=principal)
    return JsonResponse(
        {"id": str(journal.pk), "url": reverse("ledger:manual", args=[journal.pk])},
        status=200 if body.get("document") else 201,
    )


@require_POST
@page(PERMISSION)
def manual_post_page(request: HttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """Post a draft."""
    try:
        journal = manual_post(journal_id=journal_id, actor=principal_of(request))
    except DomainError as error:
        return _refused(request, journal_id, error)
    messages.success(request, _("%(number)s was posted.") % {"number": journal.number})
    return redirect("ledger:manual", journal_id=journal_id)


def _refused(
    request: HttpRequest, journal_id: uuid.UUID, error: DomainError, dialog: str = ""
) -> HttpResponse:
    if error.status in (403, 404):  # nothing to correct on the page
        raise error
    return _page(request, _whole(journal_id), error=error, dialog=dialog)


@require_POST
@page(PERMISSION)
def manual_reverse_page(request: HttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """Reverse a posted journal on a day, with a reason."""
    try:
        day: dt.date = parse_date(request.POST.get("date"), field="date", earliest=2000)
        manual_reverse(
            journal_id=journal_id,
            date=day,
            reason=request.POST.get("reason", ""),
            actor=principal_of(request),
        )
    except DomainError as error:
        return _refused(request, journal_id, error, "reverse-dialog")
    messages.success(request, _("The journal was reversed."))
    return redirect("ledger:manual", journal_id=journal_id)


@require_POST
@page(PERMISSION)
def manual_delete_page(request: HttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    manual_delete(journal_id=journal_id, actor=principal_of(request))
    messages.success(request, _("The draft was deleted."))
    return redirect("ledger:manual-list")


@require_POST
@page(PERMISSION)
def manual_keep(request: HttpRequest, journal_id: uuid.UUID) -> HttpResponse:
    """Save a journal as a template."""
    try:
        template = template_from_journal(
            journal_id=journal_id,
            name=request.POST.get("name", ""),
            mode=request.POST.get("mode", ""),
            actor=principal_of(request),
        )
    except DomainError as error:
        return _refused(request, journal_id, error, "keep-dialog")
    messages.success(request, _("The template %(name)s was saved.") % {"name": template.name})
    return redirect("ledger:template", template_id=template.pk)


@require_GET
@call(PERMISSION)
def account_lookup(request: HttpRequest) -> HttpResponse:
    """Accounts for the picker of the grid."""
    method = str(principal_of(request).company.get("inventory_method") or "manual")
    found = accounts_found(request.GET.get("q", "")[:100], inventory_method=method)
    return JsonResponse({"results": [account_choice(account) for account in found]})


@require_GET
@call(PERMISSION)
def party_lookup(request: HttpRequest) -> HttpResponse:
    """Customers, suppliers and employees for the picker of the grid."""
    text = search_key(request.GET.get("q", "")[:100].replace("\0", ""))
    found = parties_found(text, kind=request.GET.get("kind", "")[:12]) if text else []
    return JsonResponse(
        {
            "results": [
                {
                    "id": str(party.id),
                    "kind": party.kind,
                    "code": party.code,
                    "name": party.name,
                    "name_arabic": party.name_arabic,
                }
                for party in found
            ]
        }
    )


@require_POST
@call(PERMISSION)
def account_rows(request: HttpRequest) -> HttpResponse:
    """The accounts of pasted rows: {names: [...]} -> {accounts: {name: account}}."""
    names = read_json(request.body).get("names")
    texts = [str(name)[:200] for name in names[:LARGEST_CLIP]] if isinstance(names, list) else []
    found = accounts_by_text(texts)
    return JsonResponse(
        {"accounts": {text: account_choice(account) for text, account in found.items()}}
    )
