"""The audit trail on screen: a record's timeline, its history page, the log."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audit.selectors.entries import LogFilter, entity_entries, log_entries, people_names
from audit.words import ACTIONS, KINDS, in_words, kind_label
from core.inputs import clean_text
from tenancy.permissions import page, require
from web.htmx import HtmxHttpRequest
from web.lists import day_in

TIMELINE, HISTORY, LOG_PAGE = 20, 500, 50
#: Kinds everybody may follow; the others need the right to see the log.
OPEN_KINDS = frozenset(
    {"ar.invoice", "ar.credit_note", "ar.customer", "inventory.item", "payments.payment"}
)
MOST_DIGITS = 18


def _guard(request: HtmxHttpRequest, kind: str) -> None:
    if kind not in OPEN_KINDS:
        require(request.principal, "audit.log.view")


@page("audit.entity.view")
def timeline(request: HtmxHttpRequest, kind: str, key: str) -> HttpResponse:
    """Fragment: the newest changes of one record in words."""
    _guard(request, kind)
    entries = entity_entries(kind, clean_text(key, field="key", max_length=60), limit=TIMELINE + 1)
    people = people_names()
    return render(
        request,
        "audit/_timeline.html",
        {
            "happenings": [in_words(entry, people) for entry in entries[:TIMELINE]],
            "more": len(entries) > TIMELINE,
            "kind": kind,
            "key": key,
        },
    )


@page("audit.entity.view")
def entity(request: HtmxHttpRequest, kind: str, key: str) -> HttpResponse:
    """The history of one record."""
    _guard(request, kind)
    entries = entity_entries(kind, clean_text(key, field="key", max_length=60), limit=HISTORY)
    if not entries:
        raise Http404
    people = people_names()
    happenings = [in_words(entry, people) for entry in entries]
    return render(
        request,
        "audit/entity.html",
        {
            "happenings": happenings,
            "kind": kind,
            "key": key,
            "kind_label": kind_label(kind),
            "name": next((one.name for one in happenings if one.name), ""),
        },
    )


def _moment(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time.min))


def _before(request: HttpRequest) -> tuple[dt.datetime, int] | None:
    text, _, key = request.GET.get("before", "").partition("_")
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    if at is None or not timezone.is_aware(at) or not key.isdigit() or len(key) > MOST_DIGITS:
        return None
    return at, int(key)


@page("audit.log.view")
def log(request: HtmxHttpRequest) -> HttpResponse:
    """Everything that happened in the company, newest first; older pages by key, at any depth."""
    people = people_names()
    actor = request.GET.get("actor", "")
    wanted = LogFilter(
        actor_id=int(actor) if actor.isdigit() and len(actor) < MOST_DIGITS else None,
        action=request.GET.get("action", "") if request.GET.get("action") in ACTIONS else "",
        kind=request.GET.get("kind", "") if request.GET.get("kind") in KINDS else "",
        date_from=_moment(day_in(request, "from")),
        date_to=_moment(day_in(request, "to"), days=1),
        before=_before(request),
    )
    entries = log_entries(wanted, limit=LOG_PAGE + 1)
    older = ""
    if len(entries) > LOG_PAGE:
        last = entries[LOG_PAGE - 1]
        query = {name: value for name, value in request.GET.items() if name != "before" and value}
        older = urlencode(query | {"before": f"{last.at.isoformat()}_{last.pk}"})
    return render(
        request,
        "audit/log.html",
        {
            "happenings": [in_words(entry, people) for entry in entries[:LOG_PAGE]],
            "older": older,
            "wanted": wanted,
            "people": people.items(),
            "actions": ACTIONS.items(),
            "kinds": [(kind, kind_label(kind)) for kind in KINDS],
            "date_from": day_in(request, "from"),
            "date_to": day_in(request, "to"),
        },
    )
