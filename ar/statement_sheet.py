"""The list of overdue invoices that goes with a reminder, as PDF in the customer's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.template.loader import get_template
from django.utils.translation import get_language, get_language_bidi

from ar.models import Customer, Invoice
from core.money import ZERO
from documents.rendering import html_pdf
from tenancy.models import Company

TEMPLATE = "ar/reminder/statement.html"
STYLE_SHEETS = ("css/report-print.css",)


def overdue_statement_pdf(
    customer: Customer, invoices: Sequence[Invoice], *, company: Company, today: dt.date
) -> bytes:
    """Return the PDF: each overdue invoice with its due date, days and open amount, and the sum of each currency."""
    totals: dict[str, Decimal] = {}
    rows = []
    for invoice in invoices:
        totals[invoice.currency] = totals.get(invoice.currency, ZERO) + (
            invoice.open_amount or ZERO
        )
        rows.append((invoice, (today - (invoice.due_date or today)).days))
    html = get_template(TEMPLATE).render(
        {
            "company": company,
            "customer": customer,
            "rows": rows,
            "totals": sorted(totals.items()),
            "today": today,
            "language": (get_language() or "en")[:2],
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
    )
    return html_pdf(html, style_sheets=STYLE_SHEETS)
