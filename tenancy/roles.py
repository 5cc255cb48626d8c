"""The one table of who may do what (reliability.md part 5): views, API, menus, admin and tests read it.

A permission is `app.noun.action`. Single users get more through CompanyUserGrant; nobody gets less.
"""

from __future__ import annotations

from typing import Final

from tenancy.models.membership import Role

OWNER, ACCOUNTANT = Role.OWNER.value, Role.ACCOUNTANT.value
SALES, CASHIER, AUDITOR = Role.SALES.value, Role.CASHIER.value, Role.AUDITOR.value

_EVERYBODY = frozenset({OWNER, ACCOUNTANT, SALES, CASHIER, AUDITOR})
_BOOKS = frozenset({OWNER, ACCOUNTANT})
_READERS = frozenset({OWNER, ACCOUNTANT, AUDITOR})

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    # people and settings
    "tenancy.company.view": _EVERYBODY,
    "tenancy.company.edit": frozenset({OWNER}),
    "tenancy.member.view": frozenset({OWNER, AUDITOR}),
    "tenancy.member.manage": frozenset({OWNER}),
    # masters
    "ar.customer.view": _EVERYBODY,
    "ar.customer.edit": frozenset({OWNER, ACCOUNTANT, SALES}),
    "inventory.item.view": _EVERYBODY,
    "inventory.item.edit": _BOOKS,
    # invoices and credit notes; sales creates own drafts and edits nothing else (RR-2)
    "ar.invoice.view": _EVERYBODY,
    "ar.invoice.create": frozenset({OWNER, ACCOUNTANT, SALES, CASHIER}),
    "ar.invoice.edit": _BOOKS,
    "ar.invoice.delete": _BOOKS,
    "ar.invoice.post": frozenset({OWNER, ACCOUNTANT, CASHIER}),
    "ar.invoice.void": _BOOKS,
    "ar.invoice.lock": frozenset({OWNER}),
    "ar.invoice.unlock": frozenset({OWNER}),
    "ar.invoice.import": _BOOKS,
    "ar.credit_note.view": _EVERYBODY,
    "ar.credit_note.create": _BOOKS,
    "ar.write_off.view": _READERS,
    "ar.write_off.create": _BOOKS,
    "ar.prepayment.apply": _BOOKS,
    "ar.reminder.view": _EVERYBODY,
    "ar.reminder.send": _BOOKS,
    "ar.reminder.settings": _BOOKS,
    "ar.recurring.view": _EVERYBODY,
    "ar.recurring.edit": _BOOKS,
    "documents.terms.view": _EVERYBODY,
    "documents.terms.edit": _BOOKS,
    # suppliers, bills and supplier credits: what we owe is for the books and for who reads them
    "ap.supplier.view": _READERS,
    "ap.supplier.edit": _BOOKS,
    "ap.bill.view": _READERS,
    "ap.bill.create": _BOOKS,
    "ap.bill.edit": _BOOKS,
    "ap.bill.delete": _BOOKS,
    "ap.bill.post": _BOOKS,
    "ap.bill.void": _BOOKS,
    "ap.bill.lock": frozenset({OWNER}),
    "ap.bill.unlock": frozenset({OWNER}),
    "ap.bill.import": _BOOKS,
    "ap.supplier_credit.view": _READERS,
    "ap.supplier_credit.create": _BOOKS,
    "ap.supplier_credit.edit": _BOOKS,
    "ap.supplier_credit.delete": _BOOKS,
    "ap.supplier_credit.post": _BOOKS,
    "ap.supplier_credit.lock": frozenset({OWNER}),
    "ap.supplier_credit.unlock": frozenset({OWNER}),
    # money
    "payments.payment.view": _EVERYBODY,
    "payments.payment.create": frozenset({OWNER, ACCOUNTANT, CASHIER}),
    "payments.payment.void": _BOOKS,
    "payments.payment.pay": _BOOKS,
    "payments.allocation.undo": _BOOKS,
    "payments.discount.give": _BOOKS,
    "payments.difference.write_off": _BOOKS,
    "payments.account.view": _EVERYBODY,
    "payments.account.edit": _BOOKS,
    # bank statements and their matching
    "payments.bank.view": _READERS,
    "payments.bank.import": _BOOKS,
    "payments.bank.match": _BOOKS,
    "payments.bank.rules": _BOOKS,
    # books
    "ledger.account.view": _READERS,
    "ledger.account.edit": _BOOKS,
    "ledger.journal.view": _READERS,
    "ledger.journal.post": _BOOKS,
    "ledger.opening.import": _BOOKS,
    "ledger.period.view": _READERS,
    "ledger.period.close": _BOOKS,
    "ledger.period.post_closing": _BOOKS,
    "ledger.period.reopen": frozenset({OWNER}),
    "ledger.year.close": _BOOKS,
    "ledger.rate.edit": _BOOKS,
    "ledger.revaluation.post": _BOOKS,
    "reports.vat_return.prepare": _BOOKS,
    "reports.vat_return.file": _BOOKS,
    "reports.vat_return.unfile": frozenset({OWNER}),
    "reports.vat_return.pay": _BOOKS,
    # commissions: `view` sees all, `view_own` one's own
    "commissions.snapshot.view": _READERS,
    "commissions.snapshot.view_own": _EVERYBODY,
    "commissions.snapshot.approve": frozenset({OWNER}),
    "commissions.payout.view": _READERS,
    "commissions.payout.create": frozenset({OWNER}),
    # audit and reports
    "audit.log.view": _READERS,
    "audit.entity.view": _EVERYBODY,
    "reports.books.view": _READERS,
    "reports.dashboard.view": _EVERYBODY,
    "reports.export.create": _READERS,
    # exceptions an owner may grant to one person
    "sell_below_minimum_margin": frozenset({OWNER}),
    "override_credit_limit": frozenset({OWNER}),
}

#: Rights an owner may hand to one user on top of the role (Company.Meta.permissions). Locking is not among them: only an
#: owner locks (RR-3), and the database asks for the role (RR-4).
GRANTABLE: Final[tuple[str, ...]] = (
    "sell_below_minimum_margin",
    "override_credit_limit",
    "ar.invoice.post",
    "payments.payment.create",
    "ledger.period.post_closing",
)


def permissions_of(role: str) -> frozenset[str]:
    """Return every permission of a role; none for an unknown role."""
    return frozenset(code for code, roles in PERMISSIONS.items() if role in roles)


ROLE_PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    role: permissions_of(role) for role in (OWNER, ACCOUNTANT, SALES, CASHIER, AUDITOR)
}
