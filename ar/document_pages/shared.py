"""What the editors, lists and pages of invoices and credit notes share (documents.pages)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from ar.models import Customer, Invoice, InvoiceKind, InvoiceLine
from ar.selectors.editing import customer_choices, customer_search, customers_with, salespeople
from documents.editing import currency_choices, header_payload, line_payload
from documents.pages import ListColumn, Party
from tenancy.principal import Principal

CUSTOMER = Party(
    field="customer",
    model=Customer,
    block="buyer",
    label=_("Customer"),
    placeholder=_("Name, code, VAT number or phone"),
    missing=_("Choose a customer."),
    new=_("New customer"),
    search_placeholder=_("Number or customer"),
    everybody=_("All customers"),
    view="ar.customer.view",
    edit="ar.customer.edit",
    search=customer_search,
    choices=customer_choices,
    found=customers_with,
    new_page="ar:customer-create",
)

LIST_CUSTOMER = ListColumn(name="customer", label=_("Customer"), kind="party")

LOOKUPS = {"items": "ar:item-lookup", "parties": "ar:customer-lookup", "rows": "ar:rows-lookup"}


def _fixed(document: Any) -> dict[str, str]:
    """Return what makes a draft a debit note or a prepayment invoice; nothing for the other kinds."""
    if getattr(document, "kind", InvoiceKind.INVOICE) == InvoiceKind.INVOICE:
        return {}
    return {
        "kind": document.kind,
        "corrects": str(document.corrects_id or ""),
        "reason": document.reason,
    }


def invoice_payload(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_invoice reads it back unchanged."""
    return header_payload(invoice) | {
        "customer": str(invoice.customer_id),
        "salesperson": str(invoice.salesperson_id or ""),
        "fixed": _fixed(invoice),
        "lines": [line_payload(line, invoice.currency) for line in lines],
    }


def sale_choices(actor: Principal) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of the head's lists."""
    return {
        "currencies": currency_choices(actor.currency),
        "salespeople": [("", "–"), *salespeople()],
    }
