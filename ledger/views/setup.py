"""Periods and exchange rates."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from ledger.forms.rates import RateForm
from ledger.models import ExchangeRate, Period
from ledger.services.periods import period_set_state
from ledger.services.rates import rate_set
from tenancy.permissions import page
from web.htmx import HtmxHttpRequest
from web.lists import paginate


@page("ledger.period.view")
def period_list(request: HtmxHttpRequest) -> HttpResponse:
    """The months of the books, newest first."""
    return render(
        request,
        "ledger/period_list.html",
        {"periods": Period.objects.order_by("-start_date"), "today": local_today()},
    )


@page("ledger.period.close")
@require_POST
def period_state(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Open or close a period (`state`)."""
    if not Period.objects.filter(pk=period_id).exists():
        raise Http404
    period = period_set_state(period_id=period_id, state=request.POST.get("state", ""))
    messages.success(
        request,
        _("%(period)s is closed: nothing is posted into it any more.") % {"period": period}
        if period.state == Period.State.CLOSED
        else _("%(period)s is open.") % {"period": period},
    )
    return redirect("ledger:period-list")


@page("ledger.period.view")
def rate_list(request: HtmxHttpRequest) -> HttpResponse:
    """Exchange rates by day; a form to add one for those who may."""
    principal = request.principal
    assert principal is not None
    form = RateForm(base_currency=principal.currency, initial={"date": local_today()})
    return _rate_page(request, form)


def _rate_page(request: HtmxHttpRequest, form: RateForm) -> HttpResponse:
    rows = paginate(request, ExchangeRate.objects.order_by("-date", "currency"))
    return render(
        request, "ledger/rate_list.html", {"form": form, "page": rows}, status=form.status
    )


@page("ledger.rate.edit")
@require_POST
def rate_create(request: HtmxHttpRequest) -> HttpResponse:
    """Store the rate of a day."""
    principal = request.principal
    assert principal is not None
    form = RateForm(request.POST, base_currency=principal.currency)
    if form.is_valid():
        try:
            rate_set(**form.cleaned_data, actor=principal)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:rate-list")
    return _rate_page(request, form)
