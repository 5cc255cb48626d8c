"""Choices of the editors of receivables: items, customers, the items of pasted rows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from ar.selectors.editing import customer_search
from core.inputs import clean_text
from documents.views.answers import call, read_json
from inventory.services.choices import item_choices, items_named
from tenancy.permissions import principal_of

MOST_PASTED = 2000


@require_GET
@call("inventory.item.view")
def item_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten items for what is typed or scanned (PS-16)."""
    text = clean_text(request.GET.get("q", ""), field="q", max_length=100)
    return JsonResponse({"results": item_choices(text, currency=principal_of(request).currency)})


@require_GET
@call("ar.customer.view")
def customer_lookup(request: HttpRequest) -> HttpResponse:
    """Return at most ten customers for what is typed."""
    text = clean_text(request.GET.get("q", ""), field="q", max_length=100)
    return JsonResponse({"results": customer_search(text, principal_of(request).currency)})


@require_POST
@call("inventory.item.view")
def rows_lookup(request: HttpRequest) -> HttpResponse:
    """Return the items of pasted rows by code, barcode or name; what is not found is not in the answer."""
    names = read_json(request.body).get("names")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return JsonResponse(
        {"items": items_named(names[:MOST_PASTED], currency=principal_of(request).currency)}
    )
