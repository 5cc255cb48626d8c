"""Revaluation of a period on screen: items at the closing rate, post, take back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from ledger.models import Period
from payments.revaluation.services import (
    revaluation_post,
    revaluation_preview,
    revaluation_undo,
)
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest


def _period(period_id: uuid.UUID) -> Period:
    period = Period.objects.filter(pk=period_id).first()
    if period is None:
        raise Http404
    return period


@page("ledger.period.view")
def revaluation_last(request: HtmxHttpRequest) -> HttpResponse:
    """Go to the period that ended last."""
    period = Period.objects.filter(end_date__lt=local_today()).order_by("-end_date").first()
    if period is None:
        raise Http404
    return redirect("payments:revaluation", period.pk)


@page("ledger.period.view")
def revaluation(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Open items in foreign currencies at the rates of the period's last day."""
    period = _period(period_id)
    return render(
        request,
        "payments/revaluation/detail.html",
        {
            "period": period,
            "preview": revaluation_preview(period, base_currency=principal_of(request).currency),
            "before": Period.objects.filter(end_date__lt=period.start_date).last(),
            "after": Period.objects.filter(start_date__gt=period.end_date).first(),
        },
    )


@page("ledger.revaluation.post")
@require_POST
def revaluation_do(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Post the revaluation."""
    entry = revaluation_post(period_id=_period(period_id).pk, actor=principal_of(request))
    messages.success(
        request,
        _("Revalued; the entry reverses itself on the first day of the next period.")
        if entry
        else _("Nothing differs from the closing rates."),
    )
    return redirect("payments:revaluation", period_id)


@page("ledger.revaluation.post")
@require_POST
def revaluation_back(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Take the revaluation back."""
    revaluation_undo(period_id=_period(period_id).pk, actor=principal_of(request))
    messages.success(request, _("The revaluation is taken back."))
    return redirect("payments:revaluation", period_id)
