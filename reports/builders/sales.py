"""Sales by customer, item, category, salesperson, branch and month, and the documents behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from ar.models import Customer
from core.dates import month_end
from inventory.models import Item
from ledger.selectors.balances import account_turnovers
from reports import filters
from reports.builders.common import (
    ZERO,
    cut,
    late_postings,
    period_text,
    report_link,
    shown_month,
    source_name,
    summed,
)
from reports.report import Ask, Report
from reports.selectors.sales import Sold, sales_by, sales_documents
from tenancy.models import Membership
from web.formats import format_amount
from web.links import page_of
from web.tables import Column, Remark, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED, PERCENT = Decimal(100), Decimal("0.1")
DIMENSIONS: tuple[tuple[str, StrOrPromise], ...] = (
    ("customer", gettext_lazy("Customer")),
    ("item", gettext_lazy("Item")),
    ("category", gettext_lazy("Category")),
    ("salesperson", gettext_lazy("Salesperson")),
    ("branch", gettext_lazy("Branch")),
    ("month", gettext_lazy("Month")),
)
#: Classes 41 and 42 are what invoices and credit notes book; other income stands elsewhere.
REVENUE = ("41", "421")


def _name(one: Sold, by: str) -> Words | str:
    if by == "month":
        return shown_month(one.key)
    if one.key is None:
        return {"salesperson": _("Without a salesperson"), "item": _("Without an item")}.get(
            by, _("Without a category")
        )
    return Words(one.name, one.name_arabic)


def _link(one: Sold, by: str, ask: Ask) -> str:
    first, last = ask.day("from"), ask.day("to")
    if by == "month":
        return report_link(
            "sales-documents", from_=max(first, one.key), to=min(last, month_end(one.key))
        )
    if one.key is None or by not in ("customer", "item", "salesperson"):
        return ""
    return report_link("sales-documents", from_=first, to=last, **{by: one.code})


def _row(one: Sold, by: str, ask: Ask, total: Decimal) -> Row:
    link = _link(one, by, ask)
    return Row(
        {
            "code": one.code if by in ("customer", "item", "category", "branch") else "",
            "name": _name(one, by),
            "documents": one.documents,
            "quantity": one.quantity,
            "sold": one.sold,
            "returned": one.returned,
            "net": one.net,
            "share": (one.net * HUNDRED / total).quantize(PERCENT) if total else None,
        },
        links={"name": link, "net": link, "sold": link},
        meta={"key": str(one.key) if one.key is not None else None},
    )


def _columns(by: str) -> tuple[Column, ...]:
    columns = [
        Column("code", gettext_lazy("Code"), "code"),
        Column("name", dict(DIMENSIONS)[by], wide=True),
        Column("documents", gettext_lazy("Documents"), "count"),
        Column("quantity", gettext_lazy("Quantity"), "quantity"),
        Column("sold", gettext_lazy("Sold"), "money", blank_zero=True),
        Column("returned", gettext_lazy("Returned"), "money", blank_zero=True),
        Column("net", gettext_lazy("Net sales"), "money"),
        Column("share", gettext_lazy("Share"), "percent"),
    ]
    hidden = set() if by in ("item", "category") else {"quantity"}
    if by in ("month", "salesperson"):
        hidden.add("code")
    return tuple(column for column in columns if column.key not in hidden)


def _revenue(ask: Ask) -> Decimal:
    (rows,) = account_turnovers([(ask.day("from"), ask.day("to"))], with_closing=False)
    return -sum((row.balance for row in rows if row.code.startswith(REVENUE)), ZERO)


def _control(ask: Ask, total: Decimal) -> tuple[Decimal, tuple[Remark, ...]]:
    revenue = _revenue(ask)
    if revenue == total:
        return revenue, ()
    text = _(
        "The revenue accounts show %(revenue)s: %(difference)s more than the documents, booked by hand."
    ) % {
        "revenue": format_amount(revenue, ask.currency),
        "difference": format_amount(revenue - total, ask.currency),
    }
    return revenue, (Remark(text, "warn"),)


def build(ask: Ask) -> ReportTable:
    """Build it. Two statements."""
    by = ask.get("by")
    found = sales_by(by, first=ask.day("from"), last=ask.day("to"), currency=ask.currency)
    total = sum((one.net for one in found), ZERO)
    rows = [_row(one, by, ask, total) for one in found]
    revenue, remarks = _control(ask, total)
    shown, after = cut(rows, ask)
    return ReportTable(
        title=gettext_lazy("Sales"),
        columns=_columns(by),
        rows=shown,
        totals=(
            Row({"name": _("Total"), **summed(rows, ("sold", "returned", "net"))}, kind="total"),
        ),
        currency=ask.currency,
        subtitle=period_text(ask.day("from"), ask.day("to")),
        remarks=(*late_postings(ask.day("to"), ask.today), *remarks),
        after=after,
        facts={
            "net_sales": money(total, ask.currency),
            "revenue_accounts": money(revenue, ask.currency),
        },
        empty_text=_("Nothing was sold on these days."),
    )


def build_documents(ask: Ask) -> ReportTable:
    """Build the documents, or the lines of an item, behind a figure. One statement a page."""
    customer, item, person = ask.get("customer"), ask.get("item"), ask.get("salesperson")
    start = int(ask.after) if ask.after.isascii() and ask.after.isdigit() else 0  # rows
    limit = None if ask.limit is None else ask.limit + 1
    found = sales_documents(
        first=ask.day("from"),
        last=ask.day("to"),
        currency=ask.currency,
        customer_id=customer.pk if customer else None,
        salesperson_id=person.user_id if person else None,
        item_id=item.pk if item else None,
        start=start,
        limit=limit,
    )
    after = ""
    if ask.limit is not None and len(found) > ask.limit:
        found, after = found[: ask.limit], str(start + ask.limit)
    columns = [
        Column("number", gettext_lazy("No."), "code"),
        Column("kind_name", gettext_lazy("Document")),
        Column("date", gettext_lazy("Date"), "date"),
        Column("customer", gettext_lazy("Customer"), wide=True),
        Column("net", gettext_lazy("Net sales"), "money"),
    ]
    if item:
        columns.insert(4, Column("quantity", gettext_lazy("Quantity"), "quantity"))
    rows = [
        Row(
            {
                "number": one.number,
                "kind_name": source_name(one.kind),
                "date": one.date,
                "customer": Words(one.customer, one.customer_arabic),
                "quantity": one.quantity,
                "net": one.net,
            },
            links={"number": page_of(one.kind, one.id), "net": page_of(one.kind, one.id)},
            meta={"source_kind": one.kind, "source_id": str(one.id)},
        )
        for one in found
    ]
    total = Row({"number": _("Total"), **summed(rows, ("net",))}, kind="total")
    return ReportTable(
        title=gettext_lazy("Sales, documents"),
        columns=tuple(columns),
        rows=rows,
        totals=(total,) if not after and not start else (),
        currency=ask.currency,
        subtitle=period_text(ask.day("from"), ask.day("to")),
        after=after,
    )


def _people() -> QuerySet[Any]:
    return Membership.objects.select_related("user")


def _person_filter() -> filters.Filter:
    """A salesperson by the number of the user."""

    def read(text: str, field: str) -> Any:
        return filters.found_or_refused(
            _people().filter(user_id=int(text)).first()
            if text.isascii() and text.isdigit() and len(text) < 18  # a user's number
            else None,
            field,
        )

    def choices() -> list[tuple[str, str]]:
        return [
            ("", _("Everybody")),
            *((str(one.user_id), str(one.user)) for one in _people().order_by("user_id")),
        ]

    return filters.Filter(
        "salesperson",
        gettext_lazy("Salesperson"),
        "choice",
        read,
        choices=choices,
        write=lambda one: str(one.user_id),
        shown=lambda one: str(one.user),
    )


REPORTS = (
    Report(
        key="sales",
        title=gettext_lazy("Sales"),
        group="sales",
        text=gettext_lazy("Net sales by customer, item, category, salesperson, branch or month."),
        permission="reports.books.view",
        filters=(
            filters.choice("by", gettext_lazy("By"), DIMENSIONS, default="customer"),
            filters.since(),
            filters.until(),
        ),
        build=build,
        icon="chart",
    ),
    Report(
        key="sales-documents",
        title=gettext_lazy("Sales, documents"),
        group="sales",
        text=gettext_lazy("Invoices and credit notes, or the lines of an item."),
        permission="reports.books.view",
        filters=(
            filters.since(),
            filters.until(),
            filters.record("customer", gettext_lazy("Customer"), Customer.objects.all),
            filters.record("item", gettext_lazy("Item"), Item.objects.all),
            _person_filter(),
        ),
        build=build_documents,
        is_long=True,
        icon="invoice",
    ),
)
