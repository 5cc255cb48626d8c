"""Where a record has its page: by kind, as text, so that lower apps can point at upper ones."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

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


def page_of(kind: str, key: object) -> str:
    """Return the address of a record's page, or "" when its kind has none."""
    name = PAGES.get(kind)
    if name is None or not key:
        return ""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
