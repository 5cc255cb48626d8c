"""Customers: list, page with balance and statement, form (SP-3)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ar.forms.customers import CustomerForm
from ar.models import Customer
from ar.selectors.customers import CustomerRow, customers_found, open_invoices_of
from ar.selectors.reminders import reminders_of
from ar.services.customers import customer_create, customer_update
from core.dates import local_today
from core.errors import DomainError
from ledger.selectors.lines import party_balances, party_statement
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import CountedPaginator, day_in, page_number, paginate, search_text

STATES = ("active", "inactive", "all")
STATEMENT_PAGE = 50


def _customer(customer_id: uuid.UUID) -> Customer:
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    return customer


@page("ar.customer.view")
def customer_list(request: HtmxHttpRequest) -> HttpResponse:
    """Customers with their balance; searched by name in both languages, code, VAT number, phone."""
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    rows = paginate(request, customers_found(search_text(request), state=state))
    balances = party_balances([customer.pk for customer in rows])
    shown = [CustomerRow(one, balances.get(one.pk, 0)) for one in rows]  # type: ignore[arg-type]  # 0 is 0
    return render(
        request,
        "ar/customer/list.html",
        {"page": rows, "rows": shown, "q": request.GET.get("q", ""), "state": state},
    )


@page("ar.customer.view")
def customer_detail(request: HtmxHttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Balance, open invoices and the statement of one customer."""
    customer = _customer(customer_id)
    since, until, number = day_in(request, "from"), day_in(request, "to"), page_number(request)
    statement = party_statement(
        customer_id, since=since, until=until, number=number, size=STATEMENT_PAGE
    )
    pages = CountedPaginator(statement.count, STATEMENT_PAGE)
    invoices = open_invoices_of(customer_id)
    today = local_today()
    return render(
        request,
        "ar/customer/detail.html",
        {
            "customer": customer,
            "balance": party_balances([customer_id]).get(customer_id, 0),
            "invoices": invoices,
            "overdue": sum(1 for one in invoices if one.due_date and one.due_date < today),
            "statement": statement,
            "page": pages.page(min(number, pages.num_pages)),
            "since": since,
            "until": until,
            "today": today,
            "reminders": reminders_of(customer_id, 5),
            "statement_url": _statement_url(customer_id),
        },
    )


def _statement_url(customer_id: uuid.UUID) -> str:
    """Return the printable statement of the customer, "" where reports are not mounted."""
    try:
        return f"{reverse('reports:report', args=['customer-statement'])}?party={customer_id}"
    except NoReverseMatch:
        return ""


@page("ar.customer.edit")
def customer_create_page(request: HtmxHttpRequest) -> HttpResponse:
    """A new customer."""
    form = CustomerForm(
        request.POST or None, initial={"country": "SA", "language": "ar", "is_active": True}
    )
    if request.method == "POST" and form.is_valid():
        try:
            customer = customer_create(values=_values(form), actor=principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": customer.name})
            return redirect("ar:customer-detail", customer_id=customer.pk)
    return render(request, "ar/customer/form.html", {"form": form}, status=form.status)


@page("ar.customer.edit")
def customer_edit_page(request: HtmxHttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Change a customer; a stale form is told so (SP-9)."""
    customer = _customer(customer_id)
    initial = {name: getattr(customer, name) for name in CustomerForm.base_fields}
    initial["terms"] = customer.terms_id
    form = CustomerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            customer_update(
                customer_id=customer_id,
                values=_values(form),
                version=form.cleaned_data["version"],
                actor=principal_of(request),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ar:customer-detail", customer_id=customer_id)
    return render(
        request, "ar/customer/form.html", {"form": form, "customer": customer}, status=form.status
    )


def _values(form: CustomerForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}
