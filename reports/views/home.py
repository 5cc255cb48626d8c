"""Home page and customer balances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_bidi

from commissions.selectors.snapshots import pending_of
from core.dates import local_today
from reports.chart import HEIGHT, WIDTH, bars, short_figure
from reports.selectors.customers import customer_balances
from reports.selectors.dashboard import (
    bills_overdue,
    books_now,
    invoices_by_status,
    latest_invoices,
    overdue,
    sales_by_month,
)
from tenancy.permissions import page, principal_of
from web.formats import MONTHS_ARABIC, MONTHS_ENGLISH
from web.htmx import HtmxHttpRequest
from web.lists import day_in


@page("reports.dashboard.view")
def dashboard(request: HtmxHttpRequest) -> HttpResponse:
    """What an owner wants to know in the morning; everybody sees what the role may see."""
    principal = principal_of(request)
    today = local_today()
    statuses = invoices_by_status()
    currency = principal.currency
    late = overdue(today)
    sees_books = principal.has("reports.books.view")
    months = _months(today) if sees_books else []
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
            "books": books_now(today) if sees_books else None,
            "bills_overdue": bills_overdue(today) if sees_books else 0,
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
            "short": short_figure(one.amount, get_language() or "en"),
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
