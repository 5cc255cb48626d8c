"""Payments: list, page with allocations, reversal; the section on an invoice's page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ar.models import Invoice
from core.dates import local_today
from documents.lifecycle import OPEN
from payments.forms.payments import ReverseForm
from payments.models import Payment
from payments.selectors.payments import (
    PaymentFilter,
    allocations_of_invoice,
    allocations_of_payment,
    payment_sums,
    payments_found,
)
from payments.services.receipts import payment_allocate, payment_void
from tenancy.permissions import page
from web.htmx import HtmxHttpRequest
from web.lists import day_in, paginate, search_text


@page("payments.payment.view")
def payment_list(request: HtmxHttpRequest) -> HttpResponse:
    """Money received, newest first, with the sums of the filter."""
    wanted = PaymentFilter(
        text=search_text(request),
        date_from=day_in(request, "from"),
        date_to=day_in(request, "to"),
        status=request.GET.get("status", ""),
    )
    rows = payments_found(wanted)
    return render(
        request,
        "payments/payment_list.html",
        {
            "page": paginate(request, rows),
            "sums": payment_sums(rows),
            "wanted": wanted,
            "q": request.GET.get("q", ""),
        },
    )


def _payment(payment_id: uuid.UUID) -> Payment:
    payment = (
        Payment.objects.select_related("customer", "payment_account", "created_by")
        .filter(pk=payment_id)
        .first()
    )
    if payment is None:
        raise Http404
    return payment


@page("payments.payment.view")
def payment_detail(request: HtmxHttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """One payment: what it settled, what is left on account, its journal."""
    return _detail(request, _payment(payment_id), ReverseForm(initial={"date": local_today()}))


def _detail(request: HtmxHttpRequest, payment: Payment, form: ReverseForm) -> HttpResponse:
    open_invoices = (
        payment.status == Payment.Status.POSTED
        and payment.open_amount > 0
        and Invoice.objects.filter(
            customer_id=payment.customer_id,
            currency=payment.currency,
            status__in=sorted(OPEN),
            is_locked=False,
        ).exists()
    )
    return render(
        request,
        "payments/payment_detail.html",
        {
            "payment": payment,
            "allocations": allocations_of_payment(payment.pk),
            "may_use_rest": open_invoices,
            "form": form,
        },
        status=form.status,
    )


@page("payments.payment.create")
@require_POST
def payment_use_rest(request: HtmxHttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Put what is left on account on the customer's oldest open invoices."""
    _payment(payment_id)
    assert request.principal is not None
    payment_allocate(payment_id=payment_id, actor=request.principal)
    messages.success(request, _("The rest was put on the oldest open invoices."))
    return redirect("payments:payment-detail", payment_id=payment_id)


@page("payments.payment.void")
@require_POST
def payment_reverse(request: HtmxHttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Reverse a payment: its invoices are open again, the journal is mirrored."""
    payment = _payment(payment_id)
    assert request.principal is not None
    form = ReverseForm(request.POST)
    if not form.is_valid():
        return _detail(request, payment, form)
    payment_void(payment_id=payment_id, actor=request.principal, date=form.cleaned_data["date"])
    messages.success(request, _("Payment %(number)s was reversed.") % {"number": payment.number})
    return redirect("payments:payment-detail", payment_id=payment_id)


@page("payments.payment.view")
def invoice_section(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Fragment: what settled an invoice, and the way to take a payment."""
    assert request.principal is not None
    invoice = Invoice.objects.filter(pk=invoice_id).first()
    if invoice is None:
        raise Http404
    return render(
        request,
        "payments/_invoice_section.html",
        {
            "invoice": invoice,
            "allocations": allocations_of_invoice(invoice_id),
            "may_take": invoice.status in OPEN
            and not invoice.is_locked
            and request.principal.has("payments.payment.create"),
        },
    )
