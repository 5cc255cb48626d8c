"""What happens to an open invoice besides payment: debit notes, prepayments, bad debts, holds (issue 3, AR)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ar.forms.receivables import DebitNoteForm, PrepaymentForm, UsePrepaymentForm, WriteOffForm
from ar.models import Customer, Invoice
from ar.selectors.prepayments import prepayments_of
from ar.selectors.receivables import receivable_of
from ar.services.holds import invoice_hold
from ar.services.invoices import invoice_create
from ar.services.prepayments import prepayment_apply, prepayment_release
from ar.services.write_offs import TypedWriteOff, write_off_create, write_off_undo
from ar.typed import parse_invoice
from core.dates import local_today
from core.errors import DomainError
from core.forms import PageForm
from tenancy.permissions import page, principal_of
from web.formats import format_name
from web.htmx import HtmxHttpRequest

#: Customers of the select on the prepayment form; a link from the customer's page names one.
MOST_CUSTOMERS = 500


def invoice_or_404(invoice_id: uuid.UUID) -> Invoice:
    """Return the invoice with its customer."""
    invoice = Invoice.objects.select_related("customer").filter(pk=invoice_id).first()
    if invoice is None:
        raise Http404
    found: Invoice = invoice
    return found


def form_page(
    request: HtmxHttpRequest, form: PageForm, *, title: str, button: str, back: str, **more: Any
) -> HttpResponse:
    """Show a form on a page of its own."""
    return render(
        request,
        "ar/form.html",
        {"form": form, "title": title, "button": button, "back": back, **more},
        status=form.status,
    )


def submitted(form: PageForm, act: Callable[[], Any]) -> Any:
    """Return what `act` returns when the form is right and the service agrees, else None with the errors in the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except DomainError as error:
        form.refuse(error)
        return None


def _line(data: dict[str, Any]) -> dict[str, str]:
    return {
        "quantity": "1",
        "unit_price": str(data["amount"]),
        "description": data["description"],
        "vat_rate": data["vat_rate"],
    }


@page("ar.invoice.view")
def receivable_section(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """The part of the invoice's page about debit notes, prepayments, bad debt and hold."""
    invoice = invoice_or_404(invoice_id)
    return render(
        request,
        "ar/invoice/_receivable.html",
        {"invoice": invoice, "receivable": receivable_of(invoice), "actor": principal_of(request)},
    )


@page("ar.invoice.create")
def debit_note_page(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Make the draft of a debit note and go on in the editor (S6)."""
    invoice, actor = invoice_or_404(invoice_id), principal_of(request)
    form = DebitNoteForm(request.POST or None, initial={"vat_rate": "15"})

    def make() -> Invoice:
        data = form.cleaned_data
        payload = {
            "kind": "debit_note",
            "corrects": str(invoice.pk),
            "reason": data["reason"],
            "customer": str(invoice.customer_id),
            "currency": invoice.currency,
            "exchange_rate": "" if invoice.currency == actor.currency else invoice.exchange_rate,
            "reference": invoice.number,
            "salesperson": invoice.salesperson_id,
            "prices_include_tax": invoice.prices_include_tax,
            "lines": [_line(data)],
        }
        typed = parse_invoice(payload, currency=actor.currency, today=local_today())
        return invoice_create(typed=typed, actor=actor)

    made = submitted(form, make) if request.method == "POST" else None
    if made is not None:
        return redirect("ar:invoice-edit", made.pk)
    return form_page(
        request,
        form,
        title=_("Debit note to %(number)s") % {"number": invoice.number},
        button=_("Go on in the editor"),
        back=_back(invoice),
    )


def _back(invoice: Invoice) -> str:
    return str(redirect("ar:invoice-detail", invoice.pk).url)


@page("ar.invoice.create")
def prepayment_page(request: HtmxHttpRequest) -> HttpResponse:
    """Make the draft of a prepayment invoice and go on in the editor (S9)."""
    actor = principal_of(request)
    rows = Customer.objects.filter(is_active=True).order_by("code")[:MOST_CUSTOMERS]
    form = PrepaymentForm(
        request.POST or None,
        customers=[(str(one.pk), f"{one.code} {format_name(one, actor.language)}") for one in rows],
        initial={
            "customer": request.GET.get("customer", ""),
            "vat_rate": "15",
            "description": _("Prepayment"),
        },
    )

    def make() -> Invoice:
        data = form.cleaned_data
        payload = {"kind": "prepayment", "customer": data["customer"], "lines": [_line(data)]}
        typed = parse_invoice(payload, currency=actor.currency, today=local_today())
        return invoice_create(typed=typed, actor=actor)

    made = submitted(form, make) if request.method == "POST" else None
    if made is not None:
        return redirect("ar:invoice-edit", made.pk)
    return form_page(
        request,
        form,
        title=_("New prepayment invoice"),
        button=_("Go on in the editor"),
        back=str(redirect("ar:invoice-list").url),
        remark=_("VAT is due when money comes before the supply; the final invoice takes it back."),
    )


@page("ar.write_off.create")
def write_off_page(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Give up the rest of an invoice (S12)."""
    invoice, actor = invoice_or_404(invoice_id), principal_of(request)
    form = WriteOffForm(
        request.POST or None, initial={"amount": invoice.open_amount, "date": local_today()}
    )

    def make() -> Any:
        typed = TypedWriteOff(invoice_id=invoice.pk, **form.cleaned_data)
        return write_off_create(typed=typed, actor=actor)

    made = submitted(form, make) if request.method == "POST" else None
    if made is not None:
        messages.success(request, _("%(number)s was posted.") % {"number": made.number})
        return redirect("ar:invoice-detail", invoice.pk)
    return form_page(
        request,
        form,
        title=_("Write off %(number)s") % {"number": invoice.number},
        button=_("Write off"),
        back=_back(invoice),
        remark=_(
            "The invoice is settled, the debt is given up, and commission is not earned on it."
        ),
    )


@page("ar.prepayment.apply")
def use_prepayment_page(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Use a paid prepayment on this invoice (S10)."""
    invoice, actor = invoice_or_404(invoice_id), principal_of(request)
    found = prepayments_of(invoice.customer_id, currency=invoice.currency)
    form = UsePrepaymentForm(
        request.POST or None,
        prepayments=[
            (str(one.invoice.pk), f"{one.invoice.number} · {one.available} {one.invoice.currency}")
            for one in found
        ],
    )
    made = None
    if request.method == "POST":
        made = submitted(
            form,
            lambda: prepayment_apply(
                invoice_id=invoice.pk,
                prepayment_id=uuid.UUID(form.cleaned_data["prepayment"]),
                amount=form.cleaned_data["amount"],
                actor=actor,
            ),
        )
    if made is not None:
        messages.success(request, _("The prepayment was used."))
        return redirect("ar:invoice-detail", invoice.pk)
    return form_page(
        request,
        form,
        title=_("Use a prepayment on %(number)s") % {"number": invoice.number},
        button=_("Use it"),
        back=_back(invoice),
    )


@page("ar.write_off.create")
@require_POST
def write_off_undo_action(request: HtmxHttpRequest, write_off_id: uuid.UUID) -> HttpResponse:
    """Take a written-off debt up again."""
    return _acted(
        request, lambda: write_off_undo(write_off_id=write_off_id, actor=principal_of(request))
    )


@page("ar.prepayment.apply")
@require_POST
def prepayment_release_action(request: HtmxHttpRequest, use_id: uuid.UUID) -> HttpResponse:
    """Undo the use of a prepayment."""
    return _acted(request, lambda: prepayment_release(use_id=use_id, actor=principal_of(request)))


def _acted(request: HtmxHttpRequest, act: Callable[[], Any]) -> HttpResponse:
    """Do it, say so, and go back to the invoice."""
    row = act()
    messages.success(request, _("Undone; the invoice is open again."))
    return redirect("ar:invoice-detail", row.invoice_id)


@page("ar.invoice.edit")
@require_POST
def hold_action(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Mark the invoice as disputed or on hold, or lift it."""
    invoice_hold(
        invoice_id=invoice_id, hold=request.POST.get("hold", "")[:8], actor=principal_of(request)
    )
    return redirect("ar:invoice-detail", invoice_id)
