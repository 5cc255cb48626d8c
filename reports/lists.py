"""The lists that can be exported, with the very filters of their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ap.document_pages import BILL_PAGES, SUPPLIER_CREDIT_PAGES
from ap.selectors.suppliers import suppliers_found
from ar.document_pages import CREDIT_NOTE_PAGES, INVOICE_PAGES
from ar.selectors.customers import customers_found
from core.errors import DomainError
from core.inputs import parse_date
from core.text import search_key
from documents.pages import DocumentPages
from documents.selectors.listing import documents_found, read_filter
from inventory.selectors.items import items_found
from ledger.models import JournalEntry
from payments.selectors.payments import PaymentFilter, payments_found
from reports.filters import Setting
from web.tables import Column, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Rows read by one statement.
CHUNK = 1000
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExportList:
    """A list page as a file: `rows` takes the parameters of the page's address and returns what they filter."""

    key: str
    title: StrOrPromise
    permission: str
    columns: tuple[Column, ...]
    rows: Callable[[Query, Setting], QuerySet[Any]]
    cells: Callable[[Any], dict[str, Any]]
    parameters: tuple[str, ...] = ("q", "status", "from", "to")
    #: The kind of document on the page, by which a page may name its list.
    kind: str = ""

    def table(self, query: Query, setting: Setting) -> ReportTable:
        """Return the whole list. The keys are read at once, the rows in chunks while they are written."""
        found = self.rows(query, setting)
        keys = list(found.values_list("pk", flat=True))
        return ReportTable(
            title=self.title,
            columns=self.columns,
            rows=self._rows(found, keys),
            currency=setting.currency,
            count=len(keys),
        )

    def _rows(self, found: QuerySet[Any], keys: list[Any]) -> Iterator[Row]:
        whole = found.model._default_manager.all()
        whole.query.select_related = found.query.select_related
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            by_key = {one.pk: one for one in whole.filter(pk__in=chunk)}
            for key in chunk:
                # one that was deleted meanwhile is left out
                if key in by_key:
                    cells = self.cells(by_key[key])
                    yield Row(cells, currency=str(cells.get("currency") or ""))


def _text(query: Query) -> str:
    return search_key(query.get("q", "")[:100].replace("\0", ""))


def _day(query: Query, name: str) -> dt.date | None:
    try:
        return parse_date(query.get(name) or None, field=name, earliest=1990)
    except DomainError:
        return None  # as on the page: an unreadable part filters nothing


def _documents(pages: DocumentPages) -> Callable[[Query, Setting], QuerySet[Any]]:
    def rows(query: Query, setting: Setting) -> QuerySet[Any]:
        wanted = read_filter(query, pages.party.field)
        return documents_found(pages, wanted, today=setting.today).select_related(pages.party.field)

    return rows


def _party_cells(one: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": Words(one.name, one.name_arabic),
        "name_arabic": one.name_arabic,
        "vat_number": one.vat_number,
        "phone": one.phone,
        "email": one.email,
        "city": one.city,
        "country": one.country,
    }


_PARTY_COLUMNS = (
    Column("code", _("Code"), "code"),
    Column("name", _("Name"), wide=True),
    Column("name_arabic", _("Name in Arabic")),
    Column("vat_number", _("VAT number"), "code"),
    Column("phone", _("Phone"), "code"),
    Column("email", _("E-mail"), "code"),
    Column("city", _("City")),
    Column("country", _("Country"), "code"),
)


def _document_list(
    pages: DocumentPages, key: str, title: StrOrPromise, permission: str, party: StrOrPromise
) -> ExportList:
    field = pages.party.field

    def cells(one: Any) -> dict[str, Any]:
        who = getattr(one, field)
        return {
            "number": one.number,
            "party_code": who.code,
            "party": Words(who.name, who.name_arabic),
            "issue_date": one.issue_date,
            "due_date": one.due_date,
            "status": str(one.get_status_display()),
            "reference": one.reference,
            "currency": one.currency,
            "subtotal": one.subtotal,
            "tax_amount": one.tax_amount,
            "total": one.total,
            "open_amount": one.open_amount if one.status not in ("draft", "void") else None,
        }

    return ExportList(
        key,
        title,
        permission,
        (
            Column("number", _("No."), "code"),
            Column("party_code", _("Code"), "code"),
            Column("party", party, wide=True),
            Column("issue_date", _("Date"), "date"),
            Column("due_date", _("Due"), "date"),
            Column("status", _("State")),
            Column("reference", _("Reference")),
            Column("currency", _("Currency"), "code"),
            Column("subtotal", _("Net"), "money"),
            Column("tax_amount", _("VAT"), "money"),
            Column("total", _("Total"), "money"),
            Column("open_amount", _("Open amount"), "money"),
        ),
        _documents(pages),
        cells,
        ("q", "status", "from", "to", field),
        pages.kind,
    )


def _item_cells(one: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": Words(one.name, one.name_arabic),
        "name_arabic": one.name_arabic,
        "barcode": one.barcode,
        "unit": one.unit,
        "price": one.price,
        "tax_code": one.tax_code,
    }


def _payments(query: Query, setting: Setting) -> QuerySet[Any]:
    wanted = PaymentFilter(
        text=_text(query),
        date_from=_day(query, "from"),
        date_to=_day(query, "to"),
        status=query.get("status", ""),
    )
    return payments_found(wanted).select_related("customer", "supplier", "payment_account")


def _payment_cells(one: Any) -> dict[str, Any]:
    who = one.customer or one.supplier
    return {
        "number": one.number,
        "direction": str(one.get_direction_display()),
        "party_code": who.code,
        "party": Words(who.name, who.name_arabic),
        "date": one.date,
        "account": Words(one.payment_account.name, one.payment_account.name_arabic),
        "status": str(one.get_status_display()),
        "reference": one.reference,
        "currency": one.currency,
        "amount": one.amount,
        "open_amount": one.open_amount if one.status == "posted" else None,
    }


def _entries(query: Query, setting: Setting) -> QuerySet[Any]:
    rows: QuerySet[JournalEntry] = JournalEntry.objects.order_by("-date", "-id")
    if since := _day(query, "from"):
        rows = rows.filter(date__gte=since)
    if until := _day(query, "to"):
        rows = rows.filter(date__lte=until)
    if number := query.get("q", "").strip()[:60].replace("\0", ""):
        rows = rows.filter(source_number=number)
    return rows


def _entry_cells(one: Any) -> dict[str, Any]:
    return {
        "date": one.date,
        "number": one.source_number,
        "book": one.book,
        "kind": str(one.get_kind_display()),
        "description": one.description,
        "amount": one.total,
    }


def _state(query: Query) -> str:
    state = query.get("state", "active")
    return state if state in ("active", "inactive", "all") else "active"


LISTS: tuple[ExportList, ...] = (
    _document_list(INVOICE_PAGES, "invoices", _("Invoices"), "ar.invoice.view", _("Customer")),
    _document_list(
        CREDIT_NOTE_PAGES, "credit-notes", _("Credit notes"), "ar.credit_note.view", _("Customer")
    ),
    _document_list(BILL_PAGES, "bills", _("Bills"), "ap.bill.view", _("Supplier")),
    _document_list(
        SUPPLIER_CREDIT_PAGES,
        "supplier-credits",
        _("Supplier credits"),
        "ap.supplier_credit.view",
        _("Supplier"),
    ),
    ExportList(
        "customers",
        _("Customers"),
        "ar.customer.view",
        _PARTY_COLUMNS,
        lambda query, setting: customers_found(_text(query), state=_state(query)),
        _party_cells,
        ("q", "state"),
    ),
    ExportList(
        "suppliers",
        _("Suppliers"),
        "ap.supplier.view",
        _PARTY_COLUMNS,
        lambda query, setting: suppliers_found(_text(query), state=_state(query)),
        _party_cells,
        ("q", "state"),
    ),
    ExportList(
        "items",
        _("Items"),
        "inventory.item.view",
        (
            Column("code", _("Code"), "code"),
            Column("name", _("Name"), wide=True),
            Column("name_arabic", _("Name in Arabic")),
            Column("barcode", _("Barcode"), "code"),
            Column("unit", _("Unit")),
            Column("price", _("Price"), "rate"),
            Column("tax_code", _("VAT code"), "code"),
        ),
        lambda query, setting: items_found(_text(query), state=_state(query)),
        _item_cells,
        ("q", "state"),
    ),
    ExportList(
        "payments",
        _("Payments"),
        "payments.payment.view",
        (
            Column("number", _("No."), "code"),
            Column("direction", _("Direction")),
            Column("party_code", _("Code"), "code"),
            Column("party", _("Party"), wide=True),
            Column("date", _("Date"), "date"),
            Column("account", _("Payment account")),
            Column("status", _("State")),
            Column("reference", _("Reference")),
            Column("currency", _("Currency"), "code"),
            Column("amount", _("Amount"), "money"),
            Column("open_amount", _("On account"), "money"),
        ),
        _payments,
        _payment_cells,
    ),
    ExportList(
        "journal",
        _("Journal"),
        "ledger.journal.view",
        (
            Column("date", _("Date"), "date"),
            Column("number", _("Document"), "code"),
            Column("book", _("Book"), "code"),
            Column("kind", _("Kind")),
            Column("description", _("Text"), wide=True),
            Column("amount", _("Amount"), "money"),
        ),
        _entries,
        _entry_cells,
        ("q", "from", "to"),
    ),
)
BY_KEY = {one.key: one for one in LISTS} | {one.kind: one for one in LISTS if one.kind}
