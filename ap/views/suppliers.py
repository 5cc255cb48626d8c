"""Suppliers: list, page with balance and statement, form (SP-3)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ap.forms.suppliers import SupplierForm
from ap.models import Supplier
from ap.selectors.editing import purchase_vat_choices
from ap.selectors.suppliers import SupplierRow, line_accounts, open_bills_of, suppliers_found
from ap.services.suppliers import supplier_create, supplier_update
from core.dates import local_today
from core.errors import DomainError
from core.money import ZERO
from documents.pages import address
from ledger.selectors.lines import party_balances, party_statement
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest, go_to
from web.lists import CountedPaginator, day_in, page_number, paginate, search_text

STATES = ("active", "inactive", "all")
STATEMENT_PAGE = 50


def _supplier(supplier_id: uuid.UUID) -> Supplier:
    supplier = Supplier.objects.select_related("account").filter(pk=supplier_id).first()
    if supplier is None:
        raise Http404
    return supplier


def _owed(supplier_ids: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """Return what we owe each supplier; the ledger's balances count debit less credit."""
    found = party_balances(supplier_ids, subledger="supplier")
    return {key: -amount for key, amount in found.items()}


@page("ap.supplier.view")
def supplier_list(request: HtmxHttpRequest) -> HttpResponse:
    """Suppliers with their balance; searched by name in both languages, code, VAT number, phone."""
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    rows = paginate(request, suppliers_found(search_text(request), state=state))
    owed = _owed([one.pk for one in rows])
    shown = [SupplierRow(one, owed.get(one.pk, ZERO)) for one in rows]
    return render(
        request,
        "ap/supplier/list.html",
        {"page": rows, "rows": shown, "q": request.GET.get("q", ""), "state": state},
    )


@page("ap.supplier.view")
def supplier_detail(request: HtmxHttpRequest, supplier_id: uuid.UUID) -> HttpResponse:
    """Balance, open bills and the statement of one supplier."""
    supplier = _supplier(supplier_id)
    since, until, number = day_in(request, "from"), day_in(request, "to"), page_number(request)
    statement = party_statement(
        supplier_id,
        subledger="supplier",
        since=since,
        until=until,
        number=number,
        size=STATEMENT_PAGE,
    )
    pages = CountedPaginator(statement.count, STATEMENT_PAGE)
    bills = open_bills_of(supplier_id)
    today = local_today()
    overdue = [one for one in bills if one.due_date and one.due_date < today]
    return render(
        request,
        "ap/supplier/detail.html",
        {
            "supplier": supplier,
            "balance": _owed([supplier_id]).get(supplier_id, ZERO),
            "bills": bills,
            "overdue": len(overdue),
            "statement": statement,
            "page": pages.page(min(number, pages.num_pages)),
            "since": since,
            "until": until,
            "today": today,
            "payment_url": address("payments:payment-create"),
        },
    )


def _form(*args: Any, **kwargs: Any) -> SupplierForm:
    codes = [(one.code, f"{one.code} – {one.title}") for one in purchase_vat_choices()]
    return SupplierForm(*args, accounts=line_accounts(), tax_codes=codes, **kwargs)


def _values(form: SupplierForm) -> dict[str, Any]:
    values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    values["account_id"] = values.pop("account") or None
    return values


@page("ap.supplier.edit")
def supplier_create_page(request: HtmxHttpRequest) -> HttpResponse:
    """A new supplier."""
    form = _form(
        request.POST or None, initial={"country": "SA", "language": "ar", "is_active": True}
    )
    if request.method == "POST" and form.is_valid():
        try:
            supplier = supplier_create(values=_values(form), actor=principal_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": supplier.name})
            return redirect("ap:supplier-detail", supplier_id=supplier.pk)
    return render(request, "ap/supplier/form.html", {"form": form}, status=form.status)


@page("ap.supplier.edit")
def supplier_edit_page(request: HtmxHttpRequest, supplier_id: uuid.UUID) -> HttpResponse:
    """Change a supplier; a stale form is told so (SP-9)."""
    supplier = _supplier(supplier_id)
    initial = {name: getattr(supplier, name) for name in SupplierForm.base_fields}
    initial["account"] = str(supplier.account_id or "")
    form = _form(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            supplier_update(
                supplier_id=supplier_id,
                values=_values(form),
                version=form.cleaned_data["version"],
                actor=principal_of(request),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ap:supplier-detail", supplier_id=supplier_id)
    return render(
        request, "ap/supplier/form.html", {"form": form, "supplier": supplier}, status=form.status
    )


@require_POST
@page("ap.supplier.edit")
def supplier_activity(request: HtmxHttpRequest, supplier_id: uuid.UUID) -> HttpResponse:
    """Take a supplier out of use, or back into it; its bills stay."""
    supplier = _supplier(supplier_id)
    supplier_update(
        supplier_id=supplier_id,
        values={"is_active": not supplier.is_active},
        version=supplier.version,
        actor=principal_of(request),
    )
    messages.success(
        request,
        _("Out of use: it stays in history and leaves the pickers.")
        if supplier.is_active
        else _("In use again."),
    )
    return go_to(request, reverse("ap:supplier-detail", args=[supplier_id]))
