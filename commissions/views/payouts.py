"""Payouts: what was paid, what can be paid, and paying it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commissions.forms.payouts import PayoutForm
from commissions.selectors.snapshots import Payable, payable_by_salesperson, payouts_found
from commissions.services.payouts import payout_create
from core.dates import local_today
from core.errors import DomainError
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate

CREATE = "commissions.payout.create"


def _page(
    request: HtmxHttpRequest, payable: list[Payable], form: PayoutForm | None = None
) -> HttpResponse:
    principal = principal_of(request)
    if form is None and principal.has(CREATE):
        today = local_today()
        form = PayoutForm(initial={"until": today, "date": today}, payable=payable)
    return render(
        request,
        "commissions/payouts.html",
        {
            "page": paginate(request, payouts_found(None)),
            "payable": payable,
            "form": form,
        },
        status=form.status if form is not None else 200,
    )


@page("commissions.payout.view")
def payout_list(request: HtmxHttpRequest) -> HttpResponse:
    """What can be paid to whom, the form, and earlier payouts."""
    return _page(request, payable_by_salesperson())


@page(CREATE)
@require_POST
def payout_pay(request: HtmxHttpRequest) -> HttpResponse:
    """Pay one salesperson."""
    payable = payable_by_salesperson()
    form = PayoutForm(request.POST, payable=payable)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            payout = payout_create(
                salesperson_id=typed["salesperson"],
                until=typed["until"],
                date=typed["date"],
                payment_account_id=uuid.UUID(typed["payment_account"]),
                reference=typed["reference"],
                actor=request.principal,  # type: ignore[arg-type]  # the page asked for a right
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Paid: %(number)s.") % {"number": payout.number})
            return redirect("commissions:payout-list")
    return _page(request, payable, form)
