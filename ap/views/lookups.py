"""Choices and checks of the editors of payables: items, suppliers, accounts, the supplier's number."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ap.models import PrepaidPart
from ap.selectors.bills import bill_with_number
from ap.selectors.editing import (
    account_search,
    purchase_item_choices,
    purchase_items_named,
    supplier_search,
)
from core.inputs import clean_text, parse_uuid
from documents.views.answers import call, read_json
from tenancy.permissions import page, principal_of

MOST_PASTED = 2000


def _typed(request: HttpRequest) -> str:
    return clean_text(request.GET.get("q", ""), field="q", max_length=100)


@require_GET
@call("inventory.item.view")
def item_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten items for what is typed or scanned, with the price last paid (PS-16)."""
    found = purchase_item_choices(_typed(request), principal_of(request).currency)
    return JsonResponse({"results": found})


@require_GET
@call("ap.supplier.view")
def supplier_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten suppliers for what is typed."""
    found = supplier_search(_typed(request), principal_of(request).currency)
    return JsonResponse({"results": found})


@require_GET
@call("ap.bill.create")
def account_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten accounts that a line may go to."""
    by_hand = str(principal_of(request).company.get("inventory_method", "manual")) == "manual"
    return JsonResponse({"results": account_search(_typed(request), goods_by_hand=by_hand)})


@require_POST
@call("inventory.item.view")
def rows_lookup(request: HttpRequest) -> HttpResponse:
    """Return the items of pasted rows by code, barcode or name; what is not found is not in the answer."""
    names = read_json(request.body).get("names")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    found = purchase_items_named(names[:MOST_PASTED], principal_of(request).currency)
    return JsonResponse({"items": found})


def _id(request: HttpRequest, name: str) -> uuid.UUID | None:
    value = request.GET.get(name)
    return parse_uuid(value, field=name) if value else None


@require_GET
@call("ap.bill.create")
def bill_duplicate(request: HttpRequest) -> HttpResponse:
    """Say while somebody types that the supplier's number is booked already, on which bill, and ask why it comes again."""
    supplier_id = _id(request, "supplier")
    number = clean_text(request.GET.get("value", ""), field="supplier_number", max_length=60)
    answer: dict[str, Any] = {}
    if supplier_id is not None and number:
        other = bill_with_number(supplier_id, number, other_than=_id(request, "document"))
        if other is not None:
            answer = {
                "message": _("Booked already:"),
                "number": other.number or _("Draft bill"),
                "url": reverse("ap:bill-detail", args=[other.pk]),
                "ask": "duplicate_reason",
            }
    return JsonResponse(answer)


@require_GET
@page("ap.bill.view")
def bill_prepaid(request: HttpRequest, bill_id: uuid.UUID) -> HttpResponse:
    """The months a bill pays for: what each costs, and the journal entry that took it to its expense account."""
    parts = PrepaidPart.objects.filter(bill_id=bill_id).select_related(
        "line", "expense_account", "entry"
    )
    context = {"parts": list(parts.order_by("line__position", "position"))}
    return render(request, "ap/bill/_prepaid.html", context)
