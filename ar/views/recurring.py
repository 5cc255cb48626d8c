"""Recurring invoices and payment terms: lists and forms (issue 3, AR)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ar.forms.receivables import RecurringEditForm, RecurringForm, TermsForm
from ar.models import RecurringInvoice, RecurringRun
from ar.services.recurring import (
    CHANGEABLE,
    TypedRecurring,
    recurring_create,
    recurring_delete,
    recurring_run,
    recurring_update,
)
from ar.views.receivables import form_page, invoice_or_404, submitted
from core.dates import local_today
from core.errors import DomainError
from documents.models import PaymentTerms
from documents.services.terms import terms_save
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate

RUNS_SHOWN = 50


@page("ar.recurring.view")
def recurring_list(request: HtmxHttpRequest) -> HttpResponse:
    """Every recurring invoice, those that are due next first."""
    rows = RecurringInvoice.objects.select_related("customer").order_by(
        "-is_active", "next_date", "name"
    )
    return render(request, "ar/recurring/list.html", {"page": paginate(request, rows)})


@page("ar.recurring.edit")
def recurring_create_page(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Repeat an invoice on a schedule."""
    invoice = invoice_or_404(invoice_id)
    form = RecurringForm(
        request.POST or None,
        initial={
            "name": invoice.reference or invoice.customer.name,
            "frequency": "monthly",
            "start_date": local_today(),
        },
    )
    made = None
    if request.method == "POST":
        made = submitted(
            form,
            lambda: recurring_create(
                invoice_id=invoice.pk,
                typed=TypedRecurring(**form.cleaned_data),
                actor=principal_of(request),
            ),
        )
    if made is not None:
        messages.success(
            request, _("The invoice repeats from %(date)s.") % {"date": made.start_date}
        )
        return redirect("ar:recurring-detail", made.pk)
    return form_page(
        request,
        form,
        title=_("Repeat %(number)s") % {"number": invoice.number or invoice.customer.name},
        button=_("Save"),
        back=str(redirect("ar:invoice-detail", invoice.pk).url),
        remark=_("Lines and prices are taken over as they are now."),
    )


@page("ar.recurring.view")
def recurring_detail(request: HtmxHttpRequest, recurring_id: uuid.UUID) -> HttpResponse:
    """The schedule, for those who may change it, and what came of each date."""
    row = RecurringInvoice.objects.select_related("customer").filter(pk=recurring_id).first()
    if row is None:
        raise Http404
    initial: dict[str, Any] = {name: getattr(row, name) for name in RecurringEditForm.base_fields}
    form = RecurringEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        saved = submitted(
            form,
            lambda: recurring_update(
                recurring_id=row.pk,
                changes={name: form.cleaned_data[name] for name in CHANGEABLE},
                version=form.cleaned_data["version"],
                actor=principal_of(request),
            ),
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("ar:recurring-detail", row.pk)
    runs = RecurringRun.objects.filter(recurring_id=row.pk).select_related("invoice")
    return render(
        request,
        "ar/recurring/detail.html",
        {
            "recurring": row,
            "form": form,
            "runs": runs.order_by("-date")[:RUNS_SHOWN],
            "today": local_today(),
        },
        status=form.status,
    )


@page("ar.recurring.edit")
@require_POST
def recurring_run_action(request: HtmxHttpRequest, recurring_id: uuid.UUID) -> HttpResponse:
    """Make what is due now instead of with the next hour."""
    runs = recurring_run(
        recurring_id=recurring_id, actor=principal_of(request), today=local_today()
    )
    failed = [run.error for run in runs if run.error]
    if failed:
        messages.warning(request, failed[0])
    elif runs:
        messages.success(request, _("%(n)s made.") % {"n": len(runs)})
    else:
        messages.info(request, _("Nothing is due."))
    return redirect("ar:recurring-detail", recurring_id)


@page("ar.recurring.edit")
@require_POST
def recurring_delete_action(request: HtmxHttpRequest, recurring_id: uuid.UUID) -> HttpResponse:
    """Remove one that never ran."""
    try:
        recurring_delete(recurring_id=recurring_id, actor=principal_of(request))
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("ar:recurring-detail", recurring_id)
    messages.success(request, _("Deleted."))
    return redirect("ar:recurring-list")


@page("documents.terms.view")
def terms_list(request: HtmxHttpRequest) -> HttpResponse:
    """Payment terms of the company."""
    rows = PaymentTerms.objects.order_by("-is_active", "code")
    return render(request, "ar/terms/list.html", {"page": paginate(request, rows)})


@page("documents.terms.edit")
def terms_page(request: HtmxHttpRequest, terms_id: uuid.UUID | None = None) -> HttpResponse:
    """New payment terms, or changed ones."""
    initial: dict[str, Any] = {"rule": "net", "is_active": True}
    if terms_id is not None:
        row = PaymentTerms.objects.filter(pk=terms_id).first()
        if row is None:
            raise Http404
        initial = {name: getattr(row, name) for name in TermsForm.base_fields}
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
    saved = None
    if request.method == "POST":
        saved = submitted(
            form,
            lambda: terms_save(
                values=form.cleaned_data, terms_id=terms_id, actor=principal_of(request)
            ),
        )
    if saved is not None:
        messages.success(request, _("Saved."))
        return redirect("ar:terms-list")
    return form_page(
        request,
        form,
        title=_("Payment terms") if terms_id else _("New payment terms"),
        button=_("Save"),
        back=str(redirect("ar:terms-list").url),
    )
