"""Where a record has its page: by kind, as text, so that lower apps can point at upper ones."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

PAGES = {
    "ar.invoice": "ar:invoice-detail",
    "ar.credit_note": "ar:credit-note-detail",
    "ar.customer": "ar:customer-detail",
    "inventory.item": "inventory:item-edit",
    "payments.payment": "payments:payment-detail",
    "ledger.journal_entry": "ledger:entry",
    "ledger.account": "ledger:account",
    "tenancy.membership": "tenancy:member-edit",
}


def page_of(kind: str, key: object) -> str:
    """Return the address of a record's page, or "" when its kind has none."""
    name = PAGES.get(kind)
    if name is None or not key:
        return ""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
