"""Home page, customer balances, and what the command palette finds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from ar.models import Invoice
from ar.selectors.customers import customers_found
from commissions.selectors.snapshots import pending_of
from core.dates import local_today
from core.errors import DomainError
from core.inputs import parse_decimal
from inventory.services.items import item_search
from payments.models import Payment
from reports.chart import HEIGHT, WIDTH, bars, short_figure
from reports.selectors.customers import customer_balances
from reports.selectors.dashboard import (
    invoices_by_status,
    latest_invoices,
    overdue,
    sales_by_month,
)
from tenancy.permissions import page
from web.formats import MONTHS_ARABIC, MONTHS_ENGLISH, format_amount
from web.htmx import HtmxHttpRequest
from web.lists import day_in, search_text

FOUND_EACH = 5
SHORTEST_QUERY = 2


@page("reports.dashboard.view")
def dashboard(request: HtmxHttpRequest) -> HttpResponse:
    """What an owner wants to know in the morning; everybody sees what the role may see."""
    principal = request.principal
    assert principal is not None
    today = local_today()
    statuses = invoices_by_status()
    currency = principal.currency
    late = overdue(today)
    months = _months(today) if principal.has("reports.books.view") else []
    return render(
        request,
        "reports/dashboard.html",
        {
            "today": today,
            "statuses": statuses,
            "open_amount": sum(
                (
                    row.open_amount
                    for row in statuses
                    if row.currency == currency and row.status in ("posted", "partially_paid")
                ),
                Decimal(0),
            ),
            "open_count": sum(
                row.count for row in statuses if row.status in ("posted", "partially_paid")
            ),
            "overdue_amount": sum(
                (rest for code, _n, rest in late if code == currency), Decimal(0)
            ),
            "overdue_count": sum(count for _c, count, _r in late),
            "month": months[-1] if months else None,
            "months": months,
            "chart_width": WIDTH,
            "chart_height": HEIGHT,
            "latest": latest_invoices(),
            "commissions": pending_of(principal.user_id),
        },
    )


def _months(today: Any) -> list[dict[str, Any]]:
    """Return the months with their bars and names."""
    sales = sales_by_month(today)
    names = MONTHS_ARABIC if (get_language() or "").startswith("ar") else MONTHS_ENGLISH
    shapes = bars([one.amount for one in sales], rtl=get_language_bidi())
    return [
        {
            "sales": one,
            "bar": shape,
            "name": names[one.month.month - 1],
            "short": short_figure(one.amount),
        }
        for one, shape in zip(sales, shapes, strict=True)
    ]


@page("reports.books.view")
def customer_balances_page(request: HtmxHttpRequest) -> HttpResponse:
    """Receivables by customer at the end of a day; their sum is the control account."""
    as_of = day_in(request, "as_of") or local_today()
    return render(
        request,
        "reports/customer_balances.html",
        {"as_of": as_of, "balances": customer_balances(as_of)},
    )


@page("reports.dashboard.view")
def palette_search(request: HtmxHttpRequest) -> JsonResponse:
    """Find documents, customers and items by number, name or amount for the command palette."""
    principal = request.principal
    assert principal is not None
    text = search_text(request)
    typed = request.GET.get("q", "").strip()[:60].replace("\0", "")
    if len(typed) < SHORTEST_QUERY:
        return JsonResponse({"results": []})
    results = [
        *_documents(typed),
        *(
            {
                "label": _named(one),
                "hint": one.code,
                "url": reverse("ar:customer-detail", args=[one.pk]),
                "icon": "customers",
            }
            for one in customers_found(text)[:FOUND_EACH]
        ),
        *(
            {
                "label": _named(one),
                "hint": one.code,
                "url": reverse("inventory:item-edit", args=[one.pk]),
                "icon": "item",
            }
            for one in item_search(typed, limit=FOUND_EACH)
        ),
    ]
    return JsonResponse({"results": results})


def _named(one: Any) -> str:
    arabic = (get_language() or "").startswith("ar")
    return str((one.name_arabic or one.name) if arabic else (one.name or one.name_arabic))


def _documents(typed: str) -> list[dict[str, str]]:
    """Return invoices and payments by the beginning of their number, invoices also by their exact total."""
    invoices = Invoice.objects.select_related("customer").filter(number__istartswith=typed)
    found = list(invoices.order_by("-issue_date", "-id")[:FOUND_EACH])
    try:
        amount = parse_decimal(typed.replace(",", ""), field="q")
    except DomainError:
        amount = None
    if amount:
        same = Invoice.objects.select_related("customer").filter(total=amount)
        found += list(same.order_by("-issue_date", "-id")[:FOUND_EACH])
    rows = [
        {
            "label": one.number or _("Draft invoice"),
            "hint": f"{_named(one.customer)} · {format_amount(one.total, one.currency)}",
            "url": reverse("ar:invoice-detail", args=[one.pk]),
            "icon": "invoice",
        }
        for one in found
    ]
    payments = Payment.objects.select_related("customer").filter(number__istartswith=typed)
    return rows + [
        {
            "label": one.number,
            "hint": f"{_named(one.customer)} · {format_amount(one.amount, one.currency)}",
            "url": reverse("payments:payment-detail", args=[one.pk]),
            "icon": "payment",
        }
        for one in payments.order_by("-date", "-id")[:FOUND_EACH]
    ]
