"""Commissions: own or all, batch summary, approval (RR-7, RR-8)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ar.models import Invoice
from commissions.models import CommissionSnapshot
from commissions.selectors.snapshots import (
    CommissionFilter,
    current_net,
    snapshots_found,
    snapshots_of_invoice,
    snapshots_summary,
)
from commissions.services.snapshots import snapshot_approve
from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_date
from tenancy.models import Membership
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate

MOST_DIGITS = 18


@page("commissions.snapshot.view_own")
def commission_list(request: HtmxHttpRequest) -> HttpResponse:
    """All commissions for those who may see them, else one's own; with the summary of the filter."""
    actor = principal_of(request)
    sees_all = actor.has("commissions.snapshot.view")
    person = request.GET.get("person", "")
    wanted = CommissionFilter(
        (int(person) if person.isdigit() and len(person) < MOST_DIGITS else None)
        if sees_all
        else actor.user_id,
        request.GET.get("status", ""),
    )
    rows = snapshots_found(wanted)
    people = (
        Membership.objects.select_related("user").order_by("user__full_name") if sees_all else []
    )
    return render(
        request,
        "commissions/list.html",
        {
            "page": paginate(request, rows),
            "summary": snapshots_summary(rows),
            "current_net": current_net(rows),
            "wanted": wanted,
            "people": people,
            "statuses": CommissionSnapshot.Status.choices,
            "sees_all": sees_all,
            "today": local_today(),
        },
    )


@page("commissions.snapshot.approve")
@require_POST
def commission_approve(request: HtmxHttpRequest, snapshot_id: uuid.UUID) -> HttpResponse:
    """Approve one pending commission, booked on the day typed."""
    if not CommissionSnapshot.objects.filter(pk=snapshot_id).exists():
        raise Http404
    try:
        date = parse_date(request.POST.get("date") or local_today(), field="date")
        snapshot_approve(snapshot_id=snapshot_id, actor=principal_of(request), date=date)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("commissions:commission-list")
    messages.success(request, _("The commission was approved."))
    return redirect("commissions:commission-list")


@page("commissions.snapshot.view_own")
def invoice_section(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Fragment: the commission of an invoice; of others only for those who may see them."""
    actor = principal_of(request)
    only = None if actor.has("commissions.snapshot.view") else actor.user_id
    return render(
        request,
        "commissions/_invoice_section.html",
        {
            "snapshots": snapshots_of_invoice(invoice_id, salesperson_id=only),
            "unsold": Invoice.objects.filter(pk=invoice_id, salesperson=None).exists(),
        },
    )
