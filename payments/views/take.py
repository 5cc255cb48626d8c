"""Taking and making payments: choose the party, type the amount, see where it goes, save (SP-5).

The proposal beside the form follows every change; typing beside a document makes the allocation manual.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ap.models import Bill, Supplier
from ap.selectors.suppliers import suppliers_found
from ar.models import Customer, Invoice
from ar.selectors.customers import customers_found
from core.database_errors import from_database
from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from core.inputs import parse_uuid
from core.money import ZERO, quantize
from documents.lifecycle import OPEN
from ledger.selectors.lines import party_balances
from payments.forms.payments import ALLOCATION, PaymentForm
from payments.models import Payment
from payments.selectors.payments import account_last_used
from payments.services.registering import payment_register
from payments.settlement import Part
from payments.strategies import STRATEGIES, Strategy
from payments.typed import TypedPayment
from payments.views.proposal import Asked, Money, build_rows, follow_amount, proposal_context
from tenancy.permissions import page, principal_of, require
from tenancy.principal import Principal
from web.htmx import HtmxHttpRequest, is_htmx
from web.lists import search_text

FOUND_SHOWN = 20
KEY_SECONDS = 3600


def _id_in(query: Mapping[str, Any], name: str) -> uuid.UUID | None:
    try:
        return parse_uuid(query.get(name), field=name)
    except DomainError:
        return None


def _document(query: Mapping[str, Any]) -> Invoice | Bill | None:
    """Return the document the payment starts from. Raises Http404 for one that takes no money."""
    for name, model in (("invoice", Invoice), ("bill", Bill)):
        key = _id_in(query, name)
        if key:
            found: Invoice | Bill | None = model._default_manager.filter(
                pk=key, status__in=sorted(OPEN)
            ).first()
            if found is None:
                raise Http404
            return found
    return None


def _asked(query: Mapping[str, Any], document: Invoice | Bill | None = None) -> Asked | None:
    """Return whose money it is; None when nobody is named. Raises Http404 for somebody unknown."""
    customer = getattr(document, "customer_id", None) or _id_in(query, "customer")
    supplier = getattr(document, "supplier_id", None) or _id_in(query, "supplier")
    if customer is None and supplier is None:
        return None
    model, key = (Customer, customer) if customer else (Supplier, supplier)
    party = model._default_manager.filter(pk=key).first()
    if party is None:
        raise Http404
    asked = Asked(party, "in" if customer else "out")
    direction = query.get("direction")
    return Asked(party, direction) if direction in ("in", "out") else asked


def _allow(request: HtmxHttpRequest, direction: str) -> None:
    """Ask the right to pay for money that goes out; who may pay may take money too, never only the other way."""
    require(
        principal_of(request),
        "payments.payment.create" if direction == "in" else "payments.payment.pay",
    )


def _form(
    asked: Asked,
    actor: Principal,
    data: Any = None,
    *,
    initial: dict[str, Any] | None = None,
    currencies: tuple[str, ...] = (),
) -> PaymentForm:
    if not currencies:
        currencies = tuple({item.currency for item in asked.open_items()})
    return PaymentForm(
        data,
        initial=initial,
        currencies=currencies,
        base_currency=actor.currency,
        direction=asked.direction,
        party=asked.side.party,
    )


@page("payments.payment.create")
def payment_create(request: HtmxHttpRequest) -> HttpResponse:
    """Take or make a payment. Without a party the page asks for one first."""
    if request.method == "POST":
        return _save(request)
    document = _document(request.GET)
    asked = _asked(request.GET, document)
    if asked is None:
        return _choose(request, request.GET.get("direction", "in"))
    _allow(request, asked.direction)
    actor = principal_of(request)
    items = asked.open_items()
    currency = document.currency if document else _usual_currency(items, actor.currency)
    if document:
        amount = document.open_amount or ZERO
    else:
        amount = sum(
            (item.open_amount for item in items if item.currency == currency and not item.held),
            ZERO,
        )
    amount = quantize(amount, currency)
    form = _form(
        asked,
        actor,
        initial={
            asked.side.party: asked.party.pk,
            "direction": asked.direction,
            "currency": currency,
            "form_key": uuid.uuid4(),
            "amount": str(amount) if amount else "",
            "payment_account": str(account_last_used(actor.user_id) or ""),
            "date": local_today(),
        },
        currencies=tuple({item.currency for item in items}),
    )
    data = {f"{ALLOCATION}{document.pk}": str(amount)} if document else {}
    proposal = proposal_context(
        asked,
        data,
        Money(amount, ZERO, currency, local_today()),
        strategy=Strategy.MANUAL if document else Strategy.FIFO,
        actor=actor,
    )
    return _page(request, form, proposal)


def _usual_currency(items: list[Any], base: str) -> str:
    """Return the base currency, unless everything that is open is in one other."""
    found = {item.currency for item in items}
    return found.pop() if len(found) == 1 else base


def _page(
    request: HtmxHttpRequest, form: PaymentForm, proposal: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = "payments/_dialog.html" if is_htmx(request) else "payments/payment_create.html"
    return render(request, template, {"form": form, **proposal}, status=status)


def _choose(request: HtmxHttpRequest, direction: str) -> HttpResponse:
    _allow(request, "out" if direction == "out" else "in")
    text = search_text(request)
    if direction == "out":
        found: list[Any] = list(suppliers_found(text)[:FOUND_SHOWN])
    else:
        found = list(customers_found(text)[:FOUND_SHOWN])
    balances = party_balances(
        [one.pk for one in found], subledger="supplier" if direction == "out" else "customer"
    )
    template = "payments/_parties.html" if is_htmx(request) else "payments/choose_party.html"
    return render(
        request,
        template,
        {
            "rows": [{"party": one, "balance": abs(balances.get(one.pk, ZERO))} for one in found],
            "direction": direction,
            "q": request.GET.get("q", ""),
        },
    )


def _money(form: PaymentForm, asked: Asked, actor: Principal) -> Money:
    data = form.cleaned_data
    return Money(
        amount=data.get("amount") or ZERO,
        withholding=data.get("withholding_tax") or ZERO,
        currency=data.get("currency") or actor.currency,
        date=data.get("date") or local_today(),
        rate=data.get("exchange_rate"),
    )


def _was_typed_beside(request: HtmxHttpRequest) -> bool:
    """Whether this asks because of a change beside a document, not of the payment itself."""
    changed = request.headers.get("HX-Trigger-Name") or ""
    return changed.partition("-")[0] in ("allocation", "used", "discount", "write_off")


def _strategy(request: HtmxHttpRequest) -> str:
    strategy = request.POST.get("strategy", Strategy.FIFO)
    if _was_typed_beside(request):
        return Strategy.MANUAL
    return strategy if strategy in STRATEGIES else Strategy.FIFO


@page("payments.payment.create")
@require_POST
def payment_proposal(request: HtmxHttpRequest) -> HttpResponse:
    """Fragment: where the money would go, after each change of the form."""
    asked = _asked(request.POST)
    if asked is None:
        raise Http404
    actor = principal_of(request)
    form = _form(asked, actor, request.POST)
    form.is_valid()
    money, strategy = _money(form, asked, actor), _strategy(request)
    data: Mapping[str, Any] = request.POST
    if strategy == Strategy.MANUAL and not _was_typed_beside(request):
        data = follow_amount(asked, data, money)
    proposal = proposal_context(
        asked,
        data,
        money,
        strategy=strategy,
        actor=actor,
    )
    return render(request, "payments/_proposal.html", proposal)


def _save(request: HtmxHttpRequest) -> HttpResponse:
    asked = _asked(request.POST)
    if asked is None:
        raise Http404
    _allow(request, asked.direction)
    actor = principal_of(request)
    form = _form(asked, actor, request.POST)
    valid = form.is_valid()
    money, strategy = _money(form, asked, actor), _strategy(request)
    rows = build_rows(asked, request.POST, money, strategy=strategy, actor=actor)
    parts = [part for row in rows if (part := row.part(limit_met=row.may_write_off))]
    manual = strategy == Strategy.MANUAL
    errors: dict[str, str] = {}
    if valid and not (manual and any(row.error for row in rows)):
        key = f"payment-form:{actor.user_id}:{form.cleaned_data['form_key']}"
        # a double click or a resent form is one payment
        if not cache.add(key, "taken", KEY_SECONDS):
            messages.info(request, _("This payment was saved already."))
            return redirect("payments:payment-list")
        try:
            payment = _register(form, asked, money, strategy, parts if manual else [], actor)
        except DomainError as error:
            cache.delete(key)
            errors = _show(form, error, parts)
        except Exception:
            cache.delete(key)
            raise
        else:
            messages.success(
                request, _("Payment %(number)s was saved.") % {"number": payment.number}
            )
            return redirect("payments:payment-detail", payment_id=payment.pk)
    proposal = proposal_context(
        asked, request.POST, money, strategy=strategy, actor=actor, errors=errors
    )
    return _page(request, form, proposal, status=422)


def _register(
    form: PaymentForm,
    asked: Asked,
    money: Money,
    strategy: str,
    parts: list[Part],
    actor: Principal,
) -> Payment:
    data = form.cleaned_data
    party = {f"{asked.side.party}_id": asked.party.pk}
    typed = TypedPayment(
        direction=asked.direction,
        customer_id=party.get("customer_id"),
        supplier_id=party.get("supplier_id"),
        payment_account_id=uuid.UUID(data["payment_account"]),
        amount=money.amount,
        withholding_tax=money.withholding,
        date=money.date,
        strategy=strategy,
        allocations=tuple(parts),
        currency=money.currency,
        exchange_rate=money.rate,
        reference=data["reference"],
        notes=data["notes"],
    )
    try:
        with transaction.atomic():
            return payment_register(typed=typed, actor=actor)
    except DatabaseError as error:
        refusal = from_database(error)
        if refusal is None:
            raise
        # the period and its locks are decided by the date
        refusal.field = "date" if refusal.field == "issue_date" else refusal.field
        raise refusal from error


def _show(form: PaymentForm, error: DomainError, parts: list[Part]) -> dict[str, str]:
    """Put a refusal at its field: `allocations.<n>` becomes the row of that document."""
    rows: dict[str, str] = {}
    for one in error.errors if isinstance(error, ValidationErrors) else [error]:
        path = (one.field or "").split(".")
        if path[0] == "allocations" and len(path) > 1 and int(path[1]) < len(parts):
            rows[str(parts[int(path[1])].document_id)] = one.message
        else:
            form.refuse(one)
    return rows
