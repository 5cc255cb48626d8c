"""Payments: list, page with allocations, undo and reversal; what settled a document; open items of a party."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ap.models import Bill, Supplier, SupplierCredit
from ar.models import CreditNote, Customer, Invoice
from core.database_errors import from_database
from core.dates import local_today
from core.errors import DomainError
from documents.lifecycle import OPEN
from payments.forms.payments import ReverseForm
from payments.models import Allocation, Payment
from payments.selectors.open_items import open_credits, open_documents
from payments.selectors.payments import (
    PaymentFilter,
    allocations_of,
    allocations_of_payment,
    payment_sums,
    payments_found,
)
from payments.services.allocating import credit_allocate, payment_allocate
from payments.services.reversing import allocation_undo, payment_void
from payments.services.writing import party_of
from payments.settlement import Part
from payments.sides import side_of
from payments.strategies import Strategy
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest, is_htmx, toast
from web.lists import day_in, paginate, search_text

#: Documents and credits with a section of payments, by the column of an allocation that names them.
DOCUMENTS = {
    "invoice": Invoice,
    "bill": Bill,
    "credit_note": CreditNote,
    "supplier_credit": SupplierCredit,
}
DOCUMENT_PAGES = {
    "invoice": "ar:invoice-detail",
    "bill": "ap:bill-detail",
    "credit_note": "ar:credit-note-detail",
    "supplier_credit": "ap:supplier-credit-detail",
}


@page("payments.payment.view")
def payment_list(request: HtmxHttpRequest) -> HttpResponse:
    """Money received and paid, newest first, with the sums of the filter."""
    wanted = PaymentFilter(
        text=search_text(request),
        date_from=day_in(request, "from"),
        date_to=day_in(request, "to"),
        status=request.GET.get("status", ""),
        direction=request.GET.get("direction", ""),
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
        Payment.objects.select_related("customer", "supplier", "payment_account", "created_by")
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


def _may_use_rest(payment: Payment) -> bool:
    """Return whether something of the payment is left and something of its party open, in its currency."""
    if payment.status != Payment.Status.POSTED or not payment.open_amount:
        return False
    party = party_of(payment)
    is_refund = payment.direction != party.side.money
    reads = open_credits if is_refund else open_documents
    return bool(reads(party.side, party_id=party.id, currency=payment.currency, limit=1))


def _detail(
    request: HtmxHttpRequest,
    payment: Payment,
    form: ReverseForm,
    *,
    template: str = "payments/payment_detail.html",
) -> HttpResponse:
    rows = list(allocations_of_payment(payment.pk))
    undone = {row.undoes_id for row in rows if row.undoes_id}
    party = party_of(payment)
    return render(
        request,
        template,
        {
            "payment": payment,
            "allocations": rows,
            "undone": undone,
            "is_refund": payment.direction != party.side.money,
            "may_use_rest": _may_use_rest(payment),
            "form": form,
        },
        status=form.status,
    )


@page("payments.payment.create")
@require_POST
def payment_use_rest(request: HtmxHttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Put what is left on account on the oldest open documents of the party."""
    _payment(payment_id)
    principal = principal_of(request)
    payment_allocate(payment_id=payment_id, actor=principal)
    messages.success(request, _("The rest was put on the oldest open documents."))
    return redirect("payments:payment-detail", payment_id=payment_id)


@page("payments.allocation.undo")
@require_POST
def allocation_back(request: HtmxHttpRequest, allocation_id: uuid.UUID) -> HttpResponse:
    """Undo one allocation; the message offers to put it back."""
    principal = principal_of(request)
    mirror = allocation_undo(allocation_id=allocation_id, actor=principal)
    text = _("The allocation was undone.")
    if not is_htmx(request):
        messages.success(request, text)
        return redirect(_page_of(mirror))
    shown = mirror.payment_id or mirror.refund_id
    if shown:
        payment = _payment(shown)
        answer = _detail(
            request,
            payment,
            ReverseForm(initial={"date": local_today()}),
            template="payments/_payment_body.html",
        )
    else:
        answer = HttpResponse(status=204)
        answer.headers["HX-Refresh"] = "true"
    undo = reverse("payments:allocation-again", args=[allocation_id])
    return toast(answer, text, undo_url=undo)


@page("payments.payment.create")
@require_POST
def allocation_again(request: HtmxHttpRequest, allocation_id: uuid.UUID) -> HttpResponse:
    """Put back what was undone: the same amounts on the same document."""
    principal = principal_of(request)
    row = Allocation.objects.filter(pk=allocation_id, undone_by__isnull=False).first()
    if row is None:
        raise Http404
    target = row.invoice_id or row.bill_id or row.refund_id
    foreign = row.amount - row.discount_amount - row.write_off_amount != row.source_amount
    part = Part(
        target,
        row.amount,
        row.source_amount if foreign else None,
        row.discount_amount,
        row.write_off_amount,
    )
    if row.payment_id:
        payment_allocate(
            payment_id=row.payment_id,
            strategy=Strategy.MANUAL,
            allocations=(part,),
            actor=principal,
        )
    else:
        credit_allocate(
            credit_id=row.credit_note_id or row.supplier_credit_id,
            party=party_of(row),
            allocations=(part,),
            actor=principal,
        )
    messages.success(request, _("The allocation is back."))
    answer = HttpResponse(status=204)
    answer.headers["HX-Refresh"] = "true"
    return answer if is_htmx(request) else redirect(_page_of(row))


def _page_of(row: Allocation) -> str:
    """Return the page on which an allocation is shown."""
    if row.payment_id or row.refund_id:
        return reverse("payments:payment-detail", args=[row.payment_id or row.refund_id])
    kind = "credit_note" if row.credit_note_id else "supplier_credit"
    return reverse(DOCUMENT_PAGES[kind], args=[row.credit_note_id or row.supplier_credit_id])


@page("payments.payment.void")
@require_POST
def payment_reverse(request: HtmxHttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Reverse a payment: its documents are open again, the journal is mirrored."""
    payment = _payment(payment_id)
    principal = principal_of(request)
    form = ReverseForm(request.POST)
    if not form.is_valid():
        return _detail(request, payment, form)
    try:
        with transaction.atomic():
            payment_void(
                payment_id=payment_id,
                actor=principal,
                date=form.cleaned_data["date"],
                reason=form.cleaned_data["reason"],
            )
    except DatabaseError as error:
        refusal = from_database(error)
        if refusal is None:
            raise
        refusal.field = "date" if refusal.field == "issue_date" else refusal.field
        form.refuse(refusal)
        return _detail(request, payment, form)
    except DomainError as error:
        if error.field not in form.fields:
            raise
        form.refuse(error)
        return _detail(request, payment, form)
    messages.success(request, _("Payment %(number)s was reversed.") % {"number": payment.number})
    return redirect("payments:payment-detail", payment_id=payment_id)


@page("payments.payment.view")
def invoice_section(request: HtmxHttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Fragment: what settled an invoice, and the way to take a payment."""
    return _section(request, "invoice", invoice_id)


@page("payments.payment.view")
def bill_section(request: HtmxHttpRequest, bill_id: uuid.UUID) -> HttpResponse:
    """Fragment: what settled a bill, and the way to pay it."""
    return _section(request, "bill", bill_id)


@page("payments.payment.view")
def credit_note_section(request: HtmxHttpRequest, credit_id: uuid.UUID) -> HttpResponse:
    """Fragment: what a credit note settled, and what is left of it."""
    return _section(request, "credit_note", credit_id)


@page("payments.payment.view")
def supplier_credit_section(request: HtmxHttpRequest, credit_id: uuid.UUID) -> HttpResponse:
    """Fragment: what a supplier credit settled, and what is left of it."""
    return _section(request, "supplier_credit", credit_id)


def _section(request: HtmxHttpRequest, kind: str, document_id: uuid.UUID) -> HttpResponse:
    principal = principal_of(request)
    document = DOCUMENTS[kind]._default_manager.filter(pk=document_id).first()
    if document is None:
        raise Http404
    party = party_of(document)
    is_credit = kind == party.side.credit
    rows = list(allocations_of(kind, document_id))
    right = "payments.payment.create" if party.side.party == "customer" else "payments.payment.pay"
    is_open = document.status in OPEN and not document.is_locked
    targets = (
        is_open
        and is_credit
        and open_documents(party.side, party_id=party.id, currency=document.currency, limit=1)
    )
    return render(
        request,
        "payments/_document_section.html",
        {
            "document": document,
            "kind": kind,
            "is_credit": is_credit,
            "party": party,
            "allocations": rows,
            "undone": {row.undoes_id for row in rows if row.undoes_id},
            "may_take": is_open and not is_credit and principal.has(right),
            "may_use": bool(targets) and principal.has(right),
            "may_refund": is_open
            and is_credit
            and principal.has(
                "payments.payment.pay"
                if party.side.party == "customer"
                else "payments.payment.create"
            ),
        },
    )


@page("payments.payment.create")
@require_POST
def credit_use(request: HtmxHttpRequest, kind: str, credit_id: uuid.UUID) -> HttpResponse:
    """Put what is left of a credit on the oldest open documents of its party."""
    principal = principal_of(request)
    if kind not in ("credit_note", "supplier_credit"):
        raise Http404
    credit = DOCUMENTS[kind]._default_manager.filter(pk=credit_id).first()
    if credit is None:
        raise Http404
    credit_allocate(
        credit_id=credit_id,
        party=party_of(credit),
        strategy=Strategy.FIFO,
        actor=principal,
    )
    messages.success(request, _("The credit was put on the oldest open documents."))
    return redirect(DOCUMENT_PAGES[kind], credit_id)


@page("payments.payment.view")
def open_items(request: HtmxHttpRequest, party: str, party_id: uuid.UUID) -> HttpResponse:
    """What a customer or supplier has open and on account, with the sums by currency."""
    if party not in ("customer", "supplier"):
        raise Http404
    found = (
        (Customer if party == "customer" else Supplier)._default_manager.filter(pk=party_id).first()
    )
    if found is None:
        raise Http404
    side = side_of(party)
    documents = open_documents(side, party_id=party_id)
    credits = open_credits(side, party_id=party_id)
    sums: dict[str, Decimal] = {}
    for items, sign in ((documents, 1), (credits, -1)):
        for item in items:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + sign * item.open_amount
    return render(
        request,
        "payments/open_items.html",
        {
            "party": found,
            "side": side,
            "documents": documents,
            "credits": credits,
            "sums": sorted(sums.items()),
            "today": local_today(),
        },
    )
