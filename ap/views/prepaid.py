"""What is paid for in advance: each line with its months, what is booked and what waits (G1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ap.selectors.bills import prepaid_rows
from core.dates import local_today
from core.money import ZERO
from tenancy.permissions import page


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
