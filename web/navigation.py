"""Where one can go: the rail, the phone bar and the command palette are drawn from this one table.

Entries whose page is not mounted, or which the role may not see, are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """A destination. `permission` empty: everybody signed in; `phone`: one of the four on the phone's bar."""

    key: str
    label: StrOrPromise
    url_name: str
    icon: str
    permission: str = ""
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading of the rail; no title: they stand alone."""

    title: StrOrPromise
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    key: str
    label: str
    url: str
    icon: str
    phone: bool
    current: bool


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links under one heading."""

    title: str
    links: tuple[Link, ...]


RAIL: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("home", _("Home"), "reports:dashboard", "home", "reports.dashboard.view", True),
            Entry("reports", _("Reports"), "reports:hub", "chart", "reports.books.view"),
        ),
    ),
    Group(
        _("Sales"),
        (
            Entry("invoices", _("Invoices"), "ar:invoice-list", "invoice", "ar.invoice.view", True),
            Entry(
                "credit-notes",
                _("Credit notes"),
                "ar:credit-note-list",
                "credit-note",
                "ar.credit_note.view",
            ),
            Entry(
                "customers",
                _("Customers"),
                "ar:customer-list",
                "customers",
                "ar.customer.view",
                True,
            ),
            Entry("items", _("Items"), "inventory:item-list", "item", "inventory.item.view"),
            Entry("recurring", _("Recurring"), "ar:recurring-list", "refresh", "ar.recurring.view"),
            Entry("reminders", _("Reminders"), "ar:reminder-due", "mail", "ar.reminder.send"),
        ),
    ),
    Group(
        _("Purchases"),
        (
            Entry("bills", _("Bills"), "ap:bill-list", "bill", "ap.bill.view"),
            Entry(
                "supplier-credits",
                _("Supplier credits"),
                "ap:supplier-credit-list",
                "supplier-credit",
                "ap.supplier_credit.view",
            ),
            Entry("suppliers", _("Suppliers"), "ap:supplier-list", "suppliers", "ap.supplier.view"),
            Entry("prepaid", _("Paid in advance"), "ap:prepaid-list", "calendar", "ap.bill.view"),
        ),
    ),
    Group(
        _("Money"),
        (
            Entry(
                "payments",
                _("Payments"),
                "payments:payment-list",
                "payment",
                "payments.payment.view",
                True,
            ),
            Entry("bank", _("Bank"), "payments:bank-home", "bank", "payments.bank.view"),
            Entry(
                "commissions",
                _("Commissions"),
                "commissions:commission-list",
                "commission",
                "commissions.snapshot.view_own",
            ),
        ),
    ),
    Group(
        _("Books"),
        (
            Entry("journal", _("Journal"), "ledger:journal-list", "journal", "ledger.journal.view"),
            Entry(
                "manual-journals",
                _("Manual journals"),
                "ledger:manual-list",
                "note",
                "ledger.journal.view",
            ),
            Entry(
                "periods",
                _("Periods"),
                "ledger:period-list",
                "calendar",
                "ledger.period.view",
            ),
            Entry("rates", _("Rates"), "ledger:rate-list", "refresh", "ledger.period.view"),
            Entry(
                "vat-returns",
                _("VAT returns"),
                "reports:vat-list",
                "balances",
                "reports.books.view",
            ),
            Entry(
                "opening-balances",
                _("Opening balances"),
                "opening:start",
                "balances",
                "ledger.opening.import",
            ),
        ),
    ),
    Group(
        _("Control"),
        (
            Entry("audit", _("Audit"), "audit:log", "audit", "audit.log.view"),
            Entry("import", _("Import"), "ar:invoice-import", "import", "ar.invoice.import"),
            Entry("members", _("Members"), "tenancy:member-list", "members", "tenancy.member.view"),
            Entry(
                "settings",
                _("Settings"),
                "tenancy:company-settings",
                "settings",
                "tenancy.company.edit",
            ),
        ),
    ),
)

#: What the palette offers to make.
CREATE: tuple[Entry, ...] = (
    Entry("new-invoice", _("New invoice"), "ar:invoice-create", "plus", "ar.invoice.create"),
    Entry(
        "new-prepayment",
        _("New prepayment invoice"),
        "ar:prepayment-create",
        "plus",
        "ar.invoice.create",
    ),
    Entry("new-bill", _("New bill"), "ap:bill-create", "plus", "ap.bill.create"),
    Entry("new-supplier", _("New supplier"), "ap:supplier-create", "plus", "ap.supplier.edit"),
    Entry("new-journal", _("New journal"), "ledger:manual-new", "plus", "ledger.journal.post"),
    Entry("new-customer", _("New customer"), "ar:customer-create", "plus", "ar.customer.edit"),
    Entry("new-item", _("New item"), "inventory:item-create", "plus", "inventory.item.edit"),
    Entry(
        "new-payment",
        _("Take a payment"),
        "payments:payment-create",
        "plus",
        "payments.payment.create",
    ),
)


#: Pages without a place in the rail that the palette finds; apps add theirs when Django starts.
PALETTE: list[Entry] = []


@cache
def _address(url_name: str, urlconf: str, prefix: str) -> str:
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def address(url_name: str) -> str:
    """Return the path of a page without arguments, or "" when it is not mounted."""
    return _address(url_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


def _visible(entries: Collection[Entry], permissions: Collection[str]) -> list[tuple[Entry, str]]:
    return [
        (entry, url)
        for entry in entries
        if (not entry.permission or entry.permission in permissions)
        and (url := address(entry.url_name))
    ]


def links(
    entries: Collection[Entry], permissions: Collection[str], current: str = ""
) -> tuple[Link, ...]:
    """Return the entries that exist and that the permissions allow; `current` is an entry's key."""
    return tuple(
        Link(
            entry.key,
            str(entry.label),
            url,
            entry.icon,
            entry.phone,
            entry.key == current,
        )
        for entry, url in _visible(entries, permissions)
    )


@cache
def names(key: str) -> str:
    """Return the entry's name in all languages, so that the palette finds it in whichever is typed."""
    entry = next(
        entry
        for entries in (*(group.entries for group in RAIL), CREATE, PALETTE)
        for entry in entries
        if entry.key == key
    )
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(entry.label))
    return " ".join(found)


def current_key(path: str, permissions: Collection[str]) -> str:
    """Return the key of the entry whose address is the longest prefix of the path, or ""."""
    best, best_length = "", 0
    for group in RAIL:
        for entry, url in _visible(group.entries, permissions):
            matches = path == url if url == "/" else path.startswith(url)
            if matches and len(url) > best_length:
                best, best_length = entry.key, len(url)
    return best


def rail(permissions: Collection[str], path: str) -> tuple[LinkGroup, ...]:
    """Return the groups of the rail with at least one visible entry."""
    current = current_key(path, permissions)
    groups = (
        LinkGroup(str(group.title), links(group.entries, permissions, current)) for group in RAIL
    )
    return tuple(group for group in groups if group.links)
