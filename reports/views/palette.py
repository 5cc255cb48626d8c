"""What the command palette finds: documents by number or amount, parties and items by name, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ap.models import Bill, Supplier, SupplierCredit
from ap.selectors.suppliers import suppliers_found
from ar.models import CreditNote, Customer, Invoice
from ar.selectors.customers import customers_found
from core.errors import DomainError
from core.inputs import parse_decimal
from inventory.services.items import item_search
from payments.models import Payment
from tenancy.permissions import page, principal_of
from web.formats import format_amount
from web.htmx import HtmxHttpRequest
from web.lists import search_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FOUND_EACH = 5
SHORTEST_QUERY = 2


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of document in the palette: `by_amount` also finds it by its exact total."""

    model: type[Any]
    party: str
    url_name: str
    icon: str
    permission: str
    unnumbered: StrOrPromise
    by_amount: bool = False
    also: str = ""


_DOCUMENTS = (
    _Kind(
        Invoice,
        "customer",
        "ar:invoice-detail",
        "invoice",
        "ar.invoice.view",
        _("Draft invoice"),
        by_amount=True,
    ),
    _Kind(
        CreditNote,
        "customer",
        "ar:credit-note-detail",
        "credit-note",
        "ar.credit_note.view",
        _("Draft credit note"),
    ),
    _Kind(
        Bill,
        "supplier",
        "ap:bill-detail",
        "bill",
        "ap.bill.view",
        _("Draft bill"),
        by_amount=True,
        also="supplier_number",
    ),
    _Kind(
        SupplierCredit,
        "supplier",
        "ap:supplier-credit-detail",
        "supplier-credit",
        "ap.supplier_credit.view",
        _("Draft supplier credit"),
        also="supplier_number",
    ),
)


@page("reports.dashboard.view")
def palette_search(request: HtmxHttpRequest) -> JsonResponse:
    """Find documents, parties and items by number, name or amount for the command palette."""
    principal = principal_of(request)
    text = search_text(request)
    typed = request.GET.get("q", "").strip()[:60].replace("\0", "")
    if len(typed) < SHORTEST_QUERY:
        return JsonResponse({"results": []})
    amount = _amount(typed)
    results: list[dict[str, str]] = []
    for kind in _DOCUMENTS:
        if principal.has(kind.permission):
            results += _documents(kind, typed, amount)
    if principal.has("payments.payment.view"):
        results += _payments(typed)
    if principal.has("ar.customer.view"):
        results += _named_ones(customers_found(text), "ar:customer-detail", "customers")
    if principal.has("ap.supplier.view"):
        results += _named_ones(suppliers_found(text), "ap:supplier-detail", "suppliers")
    items = item_search(typed, limit=FOUND_EACH)
    results += _named_ones(items, "inventory:item-edit", "item")
    return JsonResponse({"results": results})


def _amount(typed: str) -> Decimal | None:
    try:
        return parse_decimal(typed.replace(",", ""), field="q") or None
    except DomainError:
        return None


def _named(one: Customer | Supplier | Any) -> str:
    arabic = (get_language() or "").startswith("ar")
    return str((one.name_arabic or one.name) if arabic else (one.name or one.name_arabic))


def _named_ones(found: Any, url_name: str, icon: str) -> Iterator[dict[str, str]]:
    for one in found[:FOUND_EACH]:
        yield {
            "label": _named(one),
            "hint": one.code,
            "url": reverse(url_name, args=[one.pk]),
            "icon": icon,
        }


def _documents(kind: _Kind, typed: str, amount: Decimal | None) -> Iterator[dict[str, str]]:
    """Yield documents by the beginning of a number, ours or the supplier's, and by their exact total."""
    rows = kind.model.objects.select_related(kind.party)
    asked: list[dict[str, Any]] = [{"number__istartswith": typed}]
    if kind.also:
        asked.append({f"{kind.also}__istartswith": typed})
    if amount and kind.by_amount:
        asked.append({"total": amount})
    seen = set()
    for condition in asked:
        for one in rows.filter(**condition).order_by("-issue_date", "-id")[:FOUND_EACH]:
            if one.pk in seen:
                continue
            seen.add(one.pk)
            party = _named(getattr(one, kind.party))
            yield {
                "label": one.number or str(kind.unnumbered),
                "hint": f"{party} · {format_amount(one.total, one.currency)}",
                "url": reverse(kind.url_name, args=[one.pk]),
                "icon": kind.icon,
            }


def _payments(typed: str) -> Iterator[dict[str, str]]:
    rows = Payment.objects.select_related("customer", "supplier").filter(number__istartswith=typed)
    for one in rows.order_by("-date", "-id")[:FOUND_EACH]:
        party = one.customer or one.supplier
        yield {
            "label": one.number,
            "hint": f"{_named(party)} · {format_amount(one.amount, one.currency)}",
            "url": reverse("payments:payment-detail", args=[one.pk]),
            "icon": "payment",
        }
