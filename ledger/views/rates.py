"""Exchange rates on screen: list, add, correct, import of files."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from ledger.forms.rates import RateCorrectionForm, RateFileForm, RateForm
from ledger.models import ExchangeRate
from ledger.rate_files import open_rate_file, rates_of, source_of
from ledger.services.rates import (
    RatesImported,
    rate_correct,
    rate_delete,
    rate_set,
    rates_import,
)
from tenancy.permissions import page, principal_of
from tenancy.principal import Principal
from web.htmx import HtmxHttpRequest
from web.lists import paginate

LARGEST_UPLOAD = 16 * 1024 * 1024


@page("ledger.period.view")
def rate_list(request: HtmxHttpRequest) -> HttpResponse:
    """Exchange rates by day; a form to add one for those who may."""
    form = RateForm(base_currency=principal_of(request).currency, initial={"date": local_today()})
    return _rate_page(request, form)


def _rate_page(request: HtmxHttpRequest, form: RateForm) -> HttpResponse:
    currency = request.GET.get("currency", "")[:3]
    rows = ExchangeRate.objects.order_by("-date", "currency")
    if currency:
        rows = rows.filter(currency=currency)
    return render(
        request,
        "ledger/rate_list.html",
        {
            "form": form,
            "page": paginate(request, rows),
            "currency": currency,
            "currencies": ExchangeRate.objects.order_by("currency")
            .values_list("currency", flat=True)
            .distinct(),
        },
        status=form.status,
    )


@page("ledger.rate.edit")
@require_POST
def rate_create(request: HtmxHttpRequest) -> HttpResponse:
    """Store the rate of a day."""
    principal = principal_of(request)
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


@page("ledger.rate.edit")
def rate_edit(request: HtmxHttpRequest, rate_id: uuid.UUID) -> HttpResponse:
    """Correct the rate of a day, or take it out (`delete`)."""
    rate = ExchangeRate.objects.filter(pk=rate_id).first()
    if rate is None:
        raise Http404
    principal = principal_of(request)
    if request.method == "POST" and "delete" in request.POST:
        rate_delete(rate_id=rate_id, actor=principal)
        messages.success(request, _("Deleted."))
        return redirect("ledger:rate-list")
    initial = {"rate": rate.rate, "source": rate.source}
    form = RateCorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rate_correct(rate_id=rate_id, actor=principal, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ledger:rate-list")
    return render(
        request, "ledger/rate_edit.html", {"rate": rate, "form": form}, status=form.status
    )


@page("ledger.rate.edit")
def rate_import(request: HtmxHttpRequest) -> HttpResponse:
    """Import a file of rates; all of it or nothing."""
    if request.method != "POST":
        return _import_page(request, RateFileForm(initial={"currencies": "USD, EUR, GBP"}))
    form = RateFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            done = _import(form, principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _(
                    "%(stored)s rates stored, %(corrected)s corrected, %(unchanged)s unchanged, "
                    "%(kept)s different ones kept."
                )
                % {
                    "stored": done.stored,
                    "corrected": done.corrected,
                    "unchanged": done.unchanged,
                    "kept": done.kept,
                },
            )
            return redirect("ledger:rate-list")
    return _import_page(request, form)


def _import(form: RateFileForm, principal: Principal) -> RatesImported:
    data = form.cleaned_data
    file = open_rate_file(data["file"].read(LARGEST_UPLOAD))
    base = principal.currency
    return rates_import(
        rows=rates_of(file, base_currency=base, currencies=data["currencies"], since=data["since"]),
        source=source_of(file, base),
        replace=data["replace"],
        actor=principal,
    )


def _import_page(request: HtmxHttpRequest, form: RateFileForm) -> HttpResponse:
    return render(request, "ledger/rate_import.html", {"form": form}, status=form.status)
