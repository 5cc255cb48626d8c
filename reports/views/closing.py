"""A period before it is closed: the checklist with counts and links, the steps, the checks of `verify`."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render

from ledger.forms.periods import ReasonForm
from ledger.models import JournalEntry, Period
from reports.closing import closing_checklist
from reports.verify.run import verify_company
from tenancy.context import current_company_id
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest, fragment


def _period(period_id: uuid.UUID) -> Period:
    period = Period.objects.filter(pk=period_id).first()
    if period is None:
        raise Http404
    return period


@page("ledger.period.view")
def period_closing(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """What to look at before the period is closed, and the step itself."""
    period = _period(period_id)
    principal = principal_of(request)
    items = closing_checklist(
        period, base_currency=principal.currency, permissions=principal.permissions
    )
    return render(
        request,
        "reports/period_closing.html",
        {
            "period": period,
            "items": items,
            "waiting": sum(not item.is_good for item in items),
            "adjustments": JournalEntry.objects.filter(
                period_id=period.pk, is_adjustment=True
            ).count(),
            "form": ReasonForm(),
        },
    )


@page("ledger.period.view")
def period_verify(request: HtmxHttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Fragment: what `manage.py verify` finds in the company's books at this moment."""
    _period(period_id)
    outcomes = list(verify_company(current_company_id()))
    failed = [outcome for outcome in outcomes if outcome.count]
    return fragment(request, "reports/_verify.html", {"outcomes": outcomes, "failed": failed})
