"""Taking a payment: choose the customer, type the amount, see where it goes, save (SP-5).

The proposal beside the form follows every change; typing beside a document makes the allocation manual.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ar.models import Customer, Invoice
from ar.selectors.customers import customers_found
from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from core.inputs import parse_uuid
from core.money import quantize
from documents.lifecycle import OPEN
from ledger.selectors.lines import party_balances
from payments.forms.payments import (
    ALLOCATION,
    STRATEGY_CHOICES,
    PaymentForm,
    typed_allocations,
)
from payments.selectors.payments import account_last_used
from payments.services.receipts import TypedPayment, payment_register, proposal_for
from payments.settlement import Item
from payments.strategies import STRATEGIES, Strategy
from tenancy.permissions import page
from tenancy.principal import Principal
from web.htmx import HtmxHttpRequest, is_htmx
from web.lists import search_text

FOUND_SHOWN = 20
KEY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Row:
    """An open document with what the payment puts on it, as typed or proposed."""

    item: Item
    amount: Decimal | None
    typed: str
    error: str

    @property
    def left(self) -> Decimal:
        return self.item.open_amount - (self.amount or Decimal(0))


def _actor(request: HtmxHttpRequest) -> Principal:
    assert request.principal is not None
    return request.principal


def _id_in(query: Mapping[str, Any], name: str) -> uuid.UUID | None:
    try:
        return parse_uuid(query.get(name), field=name)
    except DomainError:
        return None


def _proposal(
    data: Mapping[str, Any],
    *,
    customer_id: uuid.UUID,
    currency: str,
    amount: Decimal,
    strategy: str,
    errors: list[DomainError] | None = None,
) -> dict[str, Any]:
    """Return what the proposal fragment shows."""
    chosen, unreadable = typed_allocations(data)
    by_field = {one.field: one.message for one in [*unreadable, *(errors or [])]}
    proposed = proposal_for(
        customer_id=customer_id,
        currency=currency,
        amount=amount,
        strategy=strategy,
        date=local_today(),
    )
    rows = []
    for item, part in proposed:
        name = f"{ALLOCATION}{item.id}"
        if strategy == Strategy.MANUAL:
            part = chosen.get(item.id, Decimal(0))
        message = by_field.get(name, "")
        if not message and part > item.open_amount:
            message = _("Only %(open)s is open.") % {"open": quantize(item.open_amount, currency)}
        typed = (
            str(data.get(name, "")) if message else (str(quantize(part, currency)) if part else "")
        )
        rows.append(Row(item, part, typed, message))
    used = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    return {
        "rows": rows,
        "strategy": strategy,
        "strategies": STRATEGY_CHOICES,
        "currency": currency,
        "used": used,
        "rest": amount - used,
        "today": local_today(),
    }


@page("payments.payment.create")
def payment_create(request: HtmxHttpRequest) -> HttpResponse:
    """Take a payment. Without a customer the page asks for one first."""
    if request.method == "POST":
        return _save(request)
    invoice_id = _id_in(request.GET, "invoice")
    invoice = None
    if invoice_id:
        invoice = Invoice.objects.filter(pk=invoice_id, status__in=sorted(OPEN)).first()
        if invoice is None:
            raise Http404
    customer_id = invoice.customer_id if invoice else _id_in(request.GET, "customer")
    if customer_id is None:
        return _choose_customer(request)
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    currency = invoice.currency if invoice else _actor(request).currency
    if invoice:
        amount = invoice.open_amount
    else:
        amount = Invoice.objects.filter(
            customer_id=customer_id, currency=currency, status__in=sorted(OPEN), is_locked=False
        ).aggregate(sum=Sum("open_amount"))["sum"] or Decimal(0)
    amount = quantize(amount, currency)
    form = PaymentForm(
        initial={
            "customer": customer_id,
            "currency": currency,
            "form_key": uuid.uuid4(),
            "amount": str(amount) if amount else "",
            "payment_account": str(account_last_used(_actor(request).user_id) or ""),
            "date": local_today(),
        }
    )
    data = {f"{ALLOCATION}{invoice.pk}": str(amount)} if invoice else {}
    proposal = _proposal(
        data,
        customer_id=customer_id,
        currency=currency,
        amount=amount,
        strategy=Strategy.MANUAL if invoice else Strategy.FIFO,
    )
    return _page(request, customer, form, proposal)


def _page(
    request: HtmxHttpRequest,
    customer: Customer,
    form: PaymentForm,
    proposal: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    template = "payments/_dialog.html" if is_htmx(request) else "payments/payment_create.html"
    return render(
        request, template, {"customer": customer, "form": form, **proposal}, status=status
    )


def _choose_customer(request: HtmxHttpRequest) -> HttpResponse:
    found = list(customers_found(search_text(request))[:FOUND_SHOWN])
    balances = party_balances([one.pk for one in found])
    template = "payments/_customers.html" if is_htmx(request) else "payments/choose_customer.html"
    return render(
        request,
        template,
        {
            "rows": [{"customer": one, "balance": balances.get(one.pk, 0)} for one in found],
            "q": request.GET.get("q", ""),
        },
    )


@page("payments.payment.create")
@require_POST
def payment_proposal(request: HtmxHttpRequest) -> HttpResponse:
    """Fragment: where the money would go, after each change of the form."""
    form = PaymentForm(request.POST)
    form.is_valid()
    strategy = request.POST.get("strategy", Strategy.FIFO)
    if (request.headers.get("HX-Trigger-Name") or "").startswith(ALLOCATION):
        strategy = Strategy.MANUAL
    customer_id = form.cleaned_data.get("customer")
    if customer_id is None:
        raise Http404
    proposal = _proposal(
        request.POST,
        customer_id=customer_id,
        currency=form.cleaned_data.get("currency") or _actor(request).currency,
        amount=form.cleaned_data.get("amount") or Decimal(0),
        strategy=strategy if strategy in STRATEGIES else Strategy.FIFO,
    )
    return render(request, "payments/_proposal.html", proposal)


def _save(request: HtmxHttpRequest) -> HttpResponse:
    form = PaymentForm(request.POST)
    customer = Customer.objects.filter(pk=_id_in(request.POST, "customer")).first()
    if customer is None:
        raise Http404
    strategy = request.POST.get("strategy", Strategy.FIFO)
    chosen, errors = typed_allocations(request.POST)
    if strategy != Strategy.MANUAL:
        errors = []
    if form.is_valid() and not errors:
        data = form.cleaned_data
        key = f"payment-form:{_actor(request).user_id}:{data['form_key']}"
        # a double click or a resent form is one payment
        if not cache.add(key, "taken", KEY_SECONDS):
            messages.info(request, _("This payment was saved already."))
            return redirect("payments:payment-list")
        try:
            payment = payment_register(
                typed=TypedPayment(
                    customer_id=customer.pk,
                    payment_account_id=uuid.UUID(data["payment_account"]),
                    amount=data["amount"],
                    date=data["date"],
                    strategy=strategy,
                    allocations=tuple(chosen.items()) if strategy == Strategy.MANUAL else (),
                    currency=data["currency"],
                    reference=data["reference"],
                    notes=data["notes"],
                ),
                actor=_actor(request),
            )
        except DomainError as error:
            cache.delete(key)
            errors = _show(form, error, list(chosen))
        except Exception:
            cache.delete(key)
            raise
        else:
            messages.success(
                request, _("Payment %(number)s was saved.") % {"number": payment.number}
            )
            return redirect("payments:payment-detail", payment_id=payment.pk)
    amount = form.cleaned_data.get("amount") or Decimal(0)
    proposal = _proposal(
        request.POST,
        customer_id=customer.pk,
        currency=form.cleaned_data.get("currency") or _actor(request).currency,
        amount=amount,
        strategy=strategy if strategy in STRATEGIES else Strategy.FIFO,
        errors=errors,
    )
    return _page(request, customer, form, proposal, status=422)


def _show(form: PaymentForm, error: DomainError, order: list[uuid.UUID]) -> list[DomainError]:
    """Put a refusal at its field: `allocations.<n>` becomes the row of that document."""
    rows = []
    for one in error.errors if isinstance(error, ValidationErrors) else [error]:
        parts = (one.field or "").split(".")
        if parts[0] == "allocations" and len(parts) > 1 and int(parts[1]) < len(order):
            one.field = f"{ALLOCATION}{order[int(parts[1])]}"
            rows.append(one)
        else:
            form.refuse(one)
    return rows
