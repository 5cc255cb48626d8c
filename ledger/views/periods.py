"""Periods, year ends and lock dates on screen. The closing checklist of a period is a page of the reports."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from ledger.forms.periods import LockForm, ReasonForm
from ledger.models import Account, LockDate, Period
from ledger.selectors.years import YearState, fiscal_years
from ledger.services.locks import lock_date_set, lock_dates
from ledger.services.periods import period_set_state, periods_add_year
from ledger.services.years import year_close, year_reopen, year_result
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest


@page("ledger.period.view")
def period_list(request: HtmxHttpRequest) -> HttpResponse:
    """The months of the books by year, newest first, and the lock dates."""
    return _list(request, LockForm())


def _list(request: HtmxHttpRequest, form: LockForm) -> HttpResponse:
    periods: dict[int, list[Period]] = {}
    for period in Period.objects.order_by("-start_date"):
        periods.setdefault(period.fiscal_year, []).append(period)
    found = lock_dates()
    return render(
        request,
        "ledger/period_list.html",
        {
            "years": [
                {"year": year, "periods": periods.get(year.fiscal_year, [])}
                for year in reversed(fiscal_years())
            ],
            "locks": [(label, found.get(area)) for area, label in LockDate.Area.choices],
            "form": form,
            "today": local_today(),
        },
        status=form.status,
    )


@page("ledger.period.view")
@require_POST
def period_state(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Move a period to another state (`state`, `reason`)."""
    if not Period.objects.filter(pk=period_id).exists():
        raise Http404
    period = period_set_state(
        period_id=period_id,
        state=request.POST.get("state", ""),
        reason=request.POST.get("reason", "")[:300],
        actor=principal_of(request),
    )
    text = {
        Period.State.CLOSED: _("%(period)s is closed: nothing is posted into it any more."),
        Period.State.CLOSING: _("%(period)s is being closed: only who may posts into it."),
        Period.State.OPEN: _("%(period)s is open."),
    }[Period.State(period.state)]
    messages.success(request, text % {"period": period})
    return redirect("ledger:period-list")


@page("ledger.period.close")
@require_POST
def year_add(request: HtmxHttpRequest) -> HttpResponse:
    """Create the periods of the year after the last one."""
    principal = principal_of(request)
    start_month = int(principal.company.get("fiscal_year_start_month") or 1)
    year = periods_add_year(start_month=start_month, actor=principal)
    messages.success(request, _("The periods of %(year)s are there.") % {"year": year})
    return redirect("ledger:period-list")


@page("ledger.period.close")
@require_POST
def lock_set(request: HtmxHttpRequest) -> HttpResponse:
    """Set or lift the lock date of an area."""
    form = LockForm(request.POST)
    if form.is_valid():
        try:
            lock_date_set(**form.cleaned_data, actor=principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:period-list")
    return _list(request, form)


def _year_or_404(fiscal_year: int) -> YearState:
    for year in fiscal_years():
        if year.fiscal_year == fiscal_year:
            return year
    raise Http404


@page("ledger.period.view")
def year_page(request: HtmxHttpRequest, fiscal_year: int) -> HttpResponse:
    """What closing a year books, account by account; or, of a closed year, its journal."""
    return _year(request, _year_or_404(fiscal_year), ReasonForm())


def _year(request: HtmxHttpRequest, year: YearState, form: ReasonForm) -> HttpResponse:
    result = year_result(year.fiscal_year)
    accounts = Account.objects.in_bulk([account for account, _amount in result.balances])
    return render(
        request,
        "ledger/year.html",
        {
            "year": year,
            "rows": [
                (accounts[account], max(amount, 0), max(-amount, 0))
                for account, amount in result.balances
            ],
            "form": form,
        },
        status=form.status,
    )


@page("ledger.year.close")
@require_POST
def year_end(request: HtmxHttpRequest, fiscal_year: int) -> HttpResponse:
    """Close a year."""
    _year_or_404(fiscal_year)
    year_close(fiscal_year=fiscal_year, actor=principal_of(request))
    messages.success(
        request,
        _("%(year)s is closed; its result is in retained earnings.") % {"year": fiscal_year},
    )
    return redirect("ledger:year", fiscal_year)


@page("ledger.period.reopen")
@require_POST
def year_again(request: HtmxHttpRequest, fiscal_year: int) -> HttpResponse:
    """Reopen a year."""
    year = _year_or_404(fiscal_year)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            year_reopen(fiscal_year=fiscal_year, actor=principal_of(request), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _("%(year)s is open again; its last month is being closed.")
                % {"year": fiscal_year},
            )
            return redirect("ledger:year", fiscal_year)
    return _year(request, year, form)
