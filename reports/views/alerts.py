"""The alerts centre and the bell in the top bar (SP-6)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.selectors.alerts import shown, visible_alerts
from reports.services.alerts import alert_dismiss, alerts_refresh
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate

PERMISSION = "reports.dashboard.view"


@page(PERMISSION)
def alert_list(request: HtmxHttpRequest) -> HttpResponse:
    """What concerns the reader, by kind."""
    found = paginate(request, visible_alerts(principal_of(request)))
    return render(
        request, "reports/alerts.html", {"page": found, "alerts": shown(found.object_list)}
    )


@page(PERMISSION)
def alert_bell(request: HtmxHttpRequest) -> HttpResponse:
    """Fragment: how many alerts wait for the reader."""
    return render(
        request,
        "reports/_alert_bell.html",
        {"waiting": visible_alerts(principal_of(request)).count()},
    )


@page(PERMISSION)
@require_POST
def alert_put_away(request: HtmxHttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    """Put one alert away for oneself."""
    alert_dismiss(alert_id=alert_id, actor=principal_of(request))
    return redirect("reports:alerts")


@page(PERMISSION)
@require_POST
def alert_look(request: HtmxHttpRequest) -> HttpResponse:
    """Look again now instead of tomorrow morning."""
    found, closed = alerts_refresh()
    messages.success(
        request,
        _("Looked again: %(open)s open, %(closed)s closed.") % {"open": found, "closed": closed},
    )
    return redirect("reports:alerts")
