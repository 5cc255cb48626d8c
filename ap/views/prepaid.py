"""What is paid for in advance: each line with its months, what is booked and what waits (G1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ap.selectors.bills import prepaid_rows
from ap.services.prepaid import PERMISSION, prepaid_run
from core.dates import local_today
from core.money import ZERO
from tenancy.permissions import page, principal_of


@require_GET
@page("ap.bill.view")
def prepaid_list(request: HttpRequest) -> HttpResponse:
    """Show the schedules with something left; with `?all` the finished ones too."""
    every = "all" in request.GET
    rows = prepaid_rows(all_of_them=every)
    context = {
        "rows": rows,
        "every": every,
        "left": sum((row.left for row in rows), ZERO),
        "amount": sum((row.amount for row in rows), ZERO),
        "today": local_today(),
    }
    return render(request, "ap/prepaid/list.html", context)


@require_POST
@page(PERMISSION)
def prepaid_run_page(request: HttpRequest) -> HttpResponse:
    """Book the months that are due today."""
    count = prepaid_run(until=local_today(), actor=principal_of(request))
    messages.success(request, _("Months booked: %(count)s.") % {"count": count})
    return redirect("ap:prepaid-list")
