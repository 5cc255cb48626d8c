"""Items: list, form, history (PS-5)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from inventory.forms.items import ItemForm
from inventory.models import Item
from inventory.selectors.items import items_found
from inventory.services.items import item_create, item_update
from tenancy.permissions import page, principal_of
from web.htmx import HtmxHttpRequest
from web.lists import paginate, search_text

STATES = ("active", "inactive", "all")


@page("inventory.item.view")
def item_list(request: HtmxHttpRequest) -> HttpResponse:
    """Items with price and VAT."""
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    return render(
        request,
        "inventory/item/list.html",
        {
            "page": paginate(request, items_found(search_text(request), state=state)),
            "q": request.GET.get("q", ""),
            "state": state,
        },
    )


@page("inventory.item.edit")
def item_create_page(request: HtmxHttpRequest) -> HttpResponse:
    """A new item."""
    principal = principal_of(request)
    form = ItemForm(
        request.POST or None,
        initial={
            "code": request.GET.get("code", "")[:60],
            "unit": "pcs",
            "tax_code": "S15",
            "is_active": True,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            item = item_create(values=form.values(), actor=principal)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": item.name})
            return redirect("inventory:item-list")
    return render(request, "inventory/item/form.html", {"form": form}, status=form.status)


@page("inventory.item.view")
def item_edit_page(request: HtmxHttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """The item, its history, and for those who may a form to change it."""
    principal = principal_of(request)
    item = Item.objects.select_related("category").filter(pk=item_id).first()
    if item is None:
        raise Http404
    may_edit = principal.has("inventory.item.edit")
    initial = {name: getattr(item, name) for name in ItemForm.base_fields if name != "category"}
    initial["category"] = str(item.category_id or "")
    form = ItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item_update(
                item_id=item_id,
                values=form.values(),
                version=form.cleaned_data["version"],
                actor=principal,
            )
        except DomainError as error:
            if error.status == 403:  # Forbidden: not something to correct in the form
                raise
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("inventory:item-list")
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    return render(
        request,
        "inventory/item/form.html",
        {"form": form, "item": item, "read_only": not may_edit},
        status=form.status,
    )
