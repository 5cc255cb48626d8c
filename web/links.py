"""Where a record has its page: by kind, as text, so that lower apps can point at upper ones."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import NoReverseMatch, resolve, reverse

PAGES = {
    "ar.invoice": "ar:invoice-detail",
    "ar.credit_note": "ar:credit-note-detail",
    "ar.customer": "ar:customer-detail",
    "ap.bill": "ap:bill-detail",
    "ap.supplier_credit": "ap:supplier-credit-detail",
    "ap.supplier": "ap:supplier-detail",
    "inventory.item": "inventory:item-edit",
    "payments.payment": "payments:payment-detail",
    "payments.bank_line": "payments:bank-match",
    "ledger.journal_entry": "ledger:entry",
    "ledger.period": "reports:period-closing",
    "ledger.exchange_rate": "ledger:rate-edit",
    "reports.vat_return": "reports:vat-detail",
    "ledger.account": "ledger:account",
    "ledger.manual_journal": "ledger:manual",
    "opening.file": "opening:file",
    "opening.trial_balance": "opening:file",
    "ledger.journal_template": "ledger:template",
    "ledger.recurring_journal": "ledger:recurring",
    "tenancy.membership": "tenancy:member-edit",
}

_NEEDED: dict[str, str] = {}


def page_of(kind: str, key: object) -> str:
    """Return the address of a record's page, or "" when its kind has none."""
    name = PAGES.get(kind)
    if name is None or not key:
        return ""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _needs(url_name: str, address: str) -> str:
    """Return the permission the page at the address asks for, or ""; looked up once for each name."""
    if url_name not in _NEEDED:
        _NEEDED[url_name] = getattr(resolve(address).func, "permission", "")
    return _NEEDED[url_name]


def record_open_to(kind: str, key: object, permissions: Collection[str]) -> str:
    """Return the address of a record's page, or "" when there is none or it would refuse these permissions."""
    address = page_of(kind, key)
    needed = _needs(PAGES[kind], address) if address else ""
    return address if not needed or needed in permissions else ""


def page_open_to(url_name: str, permissions: Collection[str]) -> str:
    """Return the address of a page without arguments, or "" when its view would refuse these permissions."""
    try:
        address = reverse(url_name)
    except NoReverseMatch:
        return ""
    needed = _needs(url_name, address)
    return address if not needed or needed in permissions else ""
