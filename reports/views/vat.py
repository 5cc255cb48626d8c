"""VAT returns on screen: list, form with its rows, prepare, file, take back, pay."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from core.forms import PageForm
from ledger.forms.periods import ReasonForm
from reports.builders.common import report_link
from reports.builders.vat_return import build
from reports.filters import setting_of
from reports.forms.vat import PayForm, PrepareForm
from reports.models import VatReturn
from reports.renderers.drawing import draw_rows
from reports.report import Ask
from reports.vat.figures import vat_period, vat_setting
from reports.vat.services import (
    VatFigures,
    figures_now,
    figures_of,
    period_of_return,
    vat_return_discard,
    vat_return_file,
    vat_return_pay,
    vat_return_prepare,
    vat_return_unfile,
    vat_return_unpay,
)
from tenancy.permissions import page, principal_of
from tenancy.principal import Principal
from web.htmx import HtmxHttpRequest


@page("reports.books.view")
def vat_list(request: HtmxHttpRequest) -> HttpResponse:
    """The returns so far, and the next period to prepare."""
    return _list(request, None)


def _list(request: HtmxHttpRequest, form: PrepareForm | None) -> HttpResponse:
    setting = vat_setting(principal_of(request).company)
    returns = list(VatReturn.objects.order_by("-start_date"))
    today = local_today(setting.timezone)
    if returns:
        following = period_of_return(returns[0]).next()
    else:
        following = vat_period(vat_period(today, setting.kind).start, setting.kind)
    form = form or PrepareForm(initial={"date": following.start})
    return render(
        request,
        "reports/vat/list.html",
        {
            "rows": [(one, period_of_return(one)) for one in returns],
            "next": following,
            "next_link": report_link("vat-return", date=following.start),
            "today": today,
            "form": form,
        },
        status=form.status,
    )


@page("reports.vat_return.prepare")
@require_POST
def vat_prepare(request: HtmxHttpRequest) -> HttpResponse:
    """Freeze the figures of a period."""
    form = PrepareForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            vat_return = vat_return_prepare(
                date=data["date"],
                correction=data["correction"] or Decimal(0),
                correction_reason=data["correction_reason"],
                actor=principal_of(request),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The figures are frozen with their rows."))
            return redirect("reports:vat-detail", vat_return.pk)
    return _list(request, form)


def _get(vat_return_id: uuid.UUID) -> VatReturn:
    found = VatReturn.objects.filter(pk=vat_return_id).first()
    if found is None:
        raise Http404
    return found


@page("reports.books.view")
def vat_detail(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """The form as the authority has it, the check of the VAT accounts, and what may be done next."""
    return _detail(request, _get(vat_return_id))


def _detail(
    request: HtmxHttpRequest, vat_return: VatReturn, form: PageForm | None = None
) -> HttpResponse:
    principal = principal_of(request)
    setting = vat_setting(principal.company)
    period = period_of_return(vat_return)
    ask = Ask({"date": vat_return.start_date}, setting_of(principal.company))
    table = build(ask)
    figures = figures_of(vat_return)
    form = form or _next_form(vat_return, principal)
    return render(
        request,
        "reports/vat/detail.html",
        {
            "vat_return": vat_return,
            "period": period,
            "table": table,
            "rows": list(draw_rows(table)),
            "figures": figures,
            "is_stale": _is_stale(vat_return, figures, principal),
            "has_ended": period.end < local_today(setting.timezone),
            "rows_link": report_link("vat-rows", date=vat_return.start_date),
            "corrections_link": report_link("vat-rows", date=vat_return.start_date, box=14),
            "query": f"date={vat_return.start_date.isoformat()}",
            "form": form,
        },
        status=form.status if form else 200,
    )


def _is_stale(vat_return: VatReturn, stored: VatFigures, principal: Principal) -> bool:
    """Return whether a prepared return no longer is what the books say."""
    if vat_return.state != VatReturn.State.PREPARED:
        return False
    now = figures_now(
        period_of_return(vat_return),
        vat_setting(principal.company),
        correction=vat_return.correction,
    )
    return now.boxes != stored.boxes


def _next_form(vat_return: VatReturn, principal: Principal) -> PageForm | None:
    if vat_return.state == VatReturn.State.PREPARED:
        return PrepareForm(
            initial={
                "date": vat_return.start_date,
                "correction": vat_return.correction,
                "correction_reason": vat_return.correction_reason,
            }
        )
    if vat_return.state == VatReturn.State.FILED and vat_return.net_due:
        return PayForm(currency=principal.currency, initial={"date": local_today()})
    return None


Step = Callable[[], Any]


def _do(request: HtmxHttpRequest, vat_return: VatReturn, step: Step, done: str) -> HttpResponse:
    step()
    messages.success(request, done)
    return redirect("reports:vat-detail", vat_return.pk)


@page("reports.vat_return.file")
@require_POST
def vat_file(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """File a prepared return."""
    found, actor = _get(vat_return_id), principal_of(request)
    return _do(
        request,
        found,
        lambda: vat_return_file(vat_return_id=found.pk, actor=actor),
        _("Filed. No VAT is posted until %(day)s any more.") % {"day": found.end_date},
    )


@page("reports.vat_return.prepare")
@require_POST
def vat_discard(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """Throw a prepared return away."""
    vat_return_discard(vat_return_id=_get(vat_return_id).pk, actor=principal_of(request))
    messages.success(request, _("Deleted."))
    return redirect("reports:vat-list")


@page("reports.vat_return.unfile")
@require_POST
def vat_unfile(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """Take a filed return back (`reason`)."""
    found, actor = _get(vat_return_id), principal_of(request)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _do(
        request,
        found,
        lambda: vat_return_unfile(vat_return_id=found.pk, reason=reason, actor=actor),
        _("The return is taken back; its figures may be prepared again."),
    )


@page("reports.vat_return.pay")
@require_POST
def vat_pay(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """Pay a filed return, or receive its credit."""
    found, actor = _get(vat_return_id), principal_of(request)
    form = PayForm(request.POST, currency=actor.currency)
    if form.is_valid():
        try:
            vat_return_pay(
                vat_return_id=found.pk,
                payment_account_id=uuid.UUID(form.cleaned_data["payment_account"]),
                date=form.cleaned_data["date"],
                actor=actor,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:vat-detail", found.pk)
    return _detail(request, found, form)


@page("reports.vat_return.pay")
@require_POST
def vat_unpay(request: HtmxHttpRequest, vat_return_id: uuid.UUID) -> HttpResponse:
    """Reverse the payment of a return, dated today."""
    found, actor = _get(vat_return_id), principal_of(request)
    return _do(
        request,
        found,
        lambda: vat_return_unpay(vat_return_id=found.pk, date=local_today(), actor=actor),
        _("The payment is reversed."),
    )
