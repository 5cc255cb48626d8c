"""The books on screen: trial balance, ledger of an account, journal, entries, chart of accounts."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.dates import local_today
from ledger.models import Account, JournalEntry, JournalLine
from ledger.selectors.balances import trial_balance
from ledger.selectors.lines import account_ledger
from tenancy.permissions import page
from web.htmx import HtmxHttpRequest
from web.lists import CountedPaginator, day_in, page_number, paginate

LEDGER_PAGE = 100
BOOKS = {
    "INV": _("Sales"),
    "SAL": _("Sales"),
    "REC": _("Receipts"),
    "PAY": _("Payments"),
    "GEN": _("General"),
}


@page("ledger.journal.view")
def account_page(request: HtmxHttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The lines of one account with the running balance."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise Http404
    since, until = day_in(request, "from"), day_in(request, "to")
    number = page_number(request)
    ledger = account_ledger(account_id, since=since, until=until, number=number, size=LEDGER_PAGE)
    pages = CountedPaginator(ledger.count, LEDGER_PAGE)
    return render(
        request,
        "ledger/account.html",
        {
            "account": account,
            "ledger": ledger,
            "since": since,
            "until": until,
            "page": pages.page(min(number, pages.num_pages)),
        },
    )


@page("ledger.account.view")
def chart_page(request: HtmxHttpRequest) -> HttpResponse:
    """The chart of accounts with the balances of today."""
    balances = {row.account_id: row for row in trial_balance(local_today())}
    rows = [
        {
            "account": account,
            "depth": len(account.code.rstrip("0")),
            "totals": balances.get(account.pk),
        }
        for account in Account.objects.order_by("code")
    ]
    return render(request, "ledger/chart.html", {"rows": rows})


def _entries(request: HttpRequest) -> QuerySet[JournalEntry]:
    rows: QuerySet[JournalEntry] = JournalEntry.objects.order_by("-date", "-id")
    if since := day_in(request, "from"):
        rows = rows.filter(date__gte=since)
    if until := day_in(request, "to"):
        rows = rows.filter(date__lte=until)
    if number := request.GET.get("q", "").strip()[:60].replace("\0", ""):
        rows = rows.filter(source_number=number)
    return rows


@page("ledger.journal.view")
def journal_list(request: HtmxHttpRequest) -> HttpResponse:
    """All journal entries, newest first."""
    return render(
        request,
        "ledger/journal_list.html",
        {
            "page": paginate(request, _entries(request)),
            "q": request.GET.get("q", ""),
            "since": day_in(request, "from"),
            "until": day_in(request, "to"),
        },
    )


def _lines(entry_ids: list[uuid.UUID]) -> QuerySet[JournalLine]:
    rows: QuerySet[JournalLine] = JournalLine.objects.filter(entry_id__in=entry_ids)
    return rows.select_related("account").order_by("entry_id", "position")


@page("ledger.journal.view")
def entry_page(request: HtmxHttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """One entry with its lines, its origin, and what it reverses or what reversed it."""
    entry = (
        JournalEntry.objects.select_related("posted_by", "period", "reverses")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None:
        raise Http404
    return render(
        request,
        "ledger/entry.html",
        {
            "entry": entry,
            "lines": _lines([entry.pk]),
            "reversed_by": JournalEntry.objects.filter(reverses_id=entry.pk).first(),
        },
    )


@page("ledger.journal.view")
def document_journal(request: HtmxHttpRequest, kind: str, document_id: uuid.UUID) -> HttpResponse:
    """Fragment: what a document booked. Loaded by the document's page."""
    entries = list(
        JournalEntry.objects.filter(source_kind=kind, source_id=document_id).order_by("date", "id")
    )
    lines: dict[uuid.UUID, list[JournalLine]] = {}
    for line in _lines([entry.pk for entry in entries]):
        lines.setdefault(line.entry_id, []).append(line)
    return render(
        request,
        "ledger/_document_journal.html",
        {"groups": [{"entry": entry, "lines": lines.get(entry.pk, [])} for entry in entries]},
    )
