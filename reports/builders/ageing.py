"""Aged receivables and payables as of any past day, and the open items behind them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ap.models import Supplier
from api.shapes import money
from ar.models import Customer
from core.errors import N_, DomainError
from reports import filters
from reports.builders.common import (
    ZERO,
    cut,
    document_currency,
    late_postings,
    period_text,
    report_link,
    source_name,
    summed,
    total_row,
)
from reports.filters import Filter
from reports.report import Ask, Report
from reports.selectors.ageing import (
    PAYABLE,
    RECEIVABLE,
    Aged,
    OpenItem,
    Side,
    aged,
    control_balance,
    open_items,
)
from web.formats import format_amount
from web.links import page_of
from web.tables import Column, Remark, ReportTable, Row, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DEFAULT_BOUNDS = (30, 60, 90)
MOST_BOUNDS = 6
LONGEST = 3650


def _bounds(text: str, field: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):  # days
        raise DomainError(
            N_("Name the last days of the columns, such as 30,60,90."), code="invalid", field=field
        )
    days = tuple(int(part) for part in parts)  # digits of whole days
    if list(days) != sorted(set(days)) or not 0 < days[0] <= days[-1] <= LONGEST:
        raise DomainError(
            N_("The days must grow, between 1 and %(most)s."),
            code="invalid",
            field=field,
            params={"most": LONGEST},
        )
    if len(days) > MOST_BOUNDS:
        raise DomainError(
            N_("At most %(most)s columns."),
            code="invalid",
            field=field,
            params={"most": MOST_BOUNDS},
        )
    return days


def _bounds_filter() -> Filter:
    return Filter(
        "days",
        gettext_lazy("Columns, last days"),
        "text",
        _bounds,
        lambda setting: DEFAULT_BOUNDS,
        write=lambda days: ",".join(str(day) for day in days),
        shown=lambda days: ", ".join(str(day) for day in days),
    )


def _by_filter() -> Filter:
    return filters.choice(
        "by",
        gettext_lazy("Age by"),
        (("due", gettext_lazy("Due date")), ("document", gettext_lazy("Document date"))),
        default="due",
    )


def bucket_labels(bounds: Sequence[int]) -> list[str]:
    """Return the headings: not due, 1–30, 31–60, over 60."""
    labels = [_("Not due")]
    before = 0
    for bound in bounds:
        labels.append(f"{before + 1}–{bound}")
        before = bound
    labels.append(_("Over %(days)s") % {"days": before})
    return labels


def _drill(side: Side, ask: Ask) -> str:
    """Return the address of the open items; a party's id is put behind it."""
    return report_link(
        f"open-{side.key}",
        as_of=ask.day("as_of"),
        by=ask.get("by"),
        currency_of=ask.get("currency_of"),
    )


def _row(one: Aged, keys: Sequence[str], address: str, currency: str) -> Row:
    party = str(one.party_id)
    figures = (Words(one.name, one.name_arabic), *one.buckets, one.credit, one.total)
    cells: dict[str, Any] = dict(zip(keys, (one.code, *figures), strict=True))
    links = dict.fromkeys(keys, f"{address}&party={party}")
    return Row(cells, links=links, currency=currency, meta={"party": party})


def _control_remark(side: Side, ask: Ask, total: Decimal) -> tuple[Decimal, tuple[Remark, ...]]:
    control = control_balance(side, ask.day("as_of"))
    if control == total:
        return control, ()
    text = _(
        "The control account shows %(control)s: %(difference)s more than the open items. Revaluations at a period's end "
        "are the usual reason."
    ) % {
        "control": format_amount(control, ask.currency),
        "difference": format_amount(control - total, ask.currency),
    }
    return control, (Remark(text, "warn"),)


def _aged(side: Side, title: StrOrPromise, party_label: StrOrPromise, ask: Ask) -> ReportTable:
    bounds = ask.values["days"]
    currency = ask.get("currency_of") or ""
    found = aged(
        side,
        as_of=ask.day("as_of"),
        bounds=bounds,
        by_document_date=ask.get("by") == "document",
        currency=currency,
    )
    keys = [*(f"bucket_{index}" for index in range(len(bounds) + 2)), "credit", "total"]
    columns = [
        Column("code", gettext_lazy("Code"), "code"),
        Column("name", party_label, wide=True),
        *(
            Column(key, label, "money", blank_zero=True)
            for key, label in zip(keys, bucket_labels(bounds), strict=False)
        ),
        Column("credit", gettext_lazy("Credit on account"), "money", blank_zero=True),
        Column("total", gettext_lazy("Total"), "money"),
    ]
    address = _drill(side, ask)
    shown, after = cut(found, ask)
    rows = [_row(one, ("code", "name", *keys), address, currency) for one in shown]
    figures = [(*one.buckets, one.credit, one.total) for one in found]
    sums = [sum(column, ZERO) for column in zip(*figures, strict=True)] or [ZERO] * len(keys)
    totals = Row({"name": _("Total"), **dict(zip(keys, sums, strict=True))}, kind="total")
    remarks = late_postings(ask.day("as_of"), ask.today)
    facts = {}
    if not currency:
        control, wrong = _control_remark(side, ask, sums[-1])
        remarks = (*remarks, *wrong)
        facts["control_account"] = money(control, ask.currency)
    return ReportTable(
        title=title,
        columns=tuple(columns),
        rows=rows,
        totals=(totals,),
        currency=currency or ask.currency,
        subtitle=period_text(None, ask.day("as_of")),
        remarks=remarks,
        facts=facts,
        after=after,
        empty_text=_("Nothing was open on that day."),
    )


def _item_row(one: OpenItem) -> Row:
    link = page_of(one.kind, one.id)
    return Row(
        {
            "number": one.number,
            "kind_name": source_name(one.kind),
            "date": one.date,
            "due_date": one.due_date,
            "age": max(one.age, 0),
            "whole": one.whole,
            "open": one.amount,
        },
        level=1,
        links={"number": link, "open": link},
        meta={"source_kind": one.kind, "source_id": str(one.id), "party": str(one.party_id)},
    )


def _open(side: Side, title: StrOrPromise, ask: Ask) -> ReportTable:
    party = ask.get("party")
    currency = ask.get("currency_of") or ""
    found = open_items(
        side,
        as_of=ask.day("as_of"),
        by_document_date=ask.get("by") == "document",
        currency=currency,
        party_id=party.pk if party else None,
    )
    rows: list[Row] = []
    group: list[Row] = []
    for index, one in enumerate(found):
        if not group:
            names = Words(one.name, one.name_arabic)
            rows.append(Row({"number": f"{one.code} {names}"}, kind="group"))
        group.append(_item_row(one))
        if index + 1 == len(found) or found[index + 1].party_id != one.party_id:
            rows += group
            rows.append(Row({"number": _("Total"), **summed(group, ("open",))}, kind="subtotal"))
            group = []
    shown, after = cut(rows, ask)
    return ReportTable(
        title=title,
        columns=(
            Column("number", gettext_lazy("No."), "text", wide=True),
            Column("kind_name", gettext_lazy("Document")),
            Column("date", gettext_lazy("Date"), "date"),
            Column("due_date", gettext_lazy("Due"), "date"),
            Column("age", gettext_lazy("Days overdue"), "count"),
            Column("whole", gettext_lazy("Amount"), "money"),
            Column("open", gettext_lazy("Open"), "money"),
        ),
        rows=shown,
        totals=(total_row(_("Total"), "number", rows, ("open",)),),
        currency=currency or ask.currency,
        subtitle=period_text(None, ask.day("as_of")),
        after=after,
        empty_text=_("Nothing was open on that day."),
    )


_CUSTOMER = filters.record("party", gettext_lazy("Customer"), Customer.objects.all)
_SUPPLIER = filters.record("party", gettext_lazy("Supplier"), Supplier.objects.all)

REPORTS = (
    Report(
        key="aged-receivables",
        title=gettext_lazy("Aged receivables"),
        group="customers",
        text=gettext_lazy("What each customer owes by age, as of any day."),
        permission="reports.books.view",
        filters=(filters.as_of(), _by_filter(), _bounds_filter(), document_currency()),
        build=lambda ask: _aged(
            RECEIVABLE, gettext_lazy("Aged receivables"), gettext_lazy("Customer"), ask
        ),
        icon="balances",
    ),
    Report(
        key="open-receivables",
        title=gettext_lazy("Open items of customers"),
        group="customers",
        text=gettext_lazy("Every unpaid invoice and unused credit, as of any day."),
        permission="reports.books.view",
        filters=(filters.as_of(), _CUSTOMER, _by_filter(), document_currency()),
        build=lambda ask: _open(RECEIVABLE, gettext_lazy("Open items of customers"), ask),
        icon="invoice",
    ),
    Report(
        key="aged-payables",
        title=gettext_lazy("Aged payables"),
        group="suppliers",
        text=gettext_lazy("What we owe each supplier by age, as of any day."),
        permission="reports.books.view",
        filters=(filters.as_of(), _by_filter(), _bounds_filter(), document_currency()),
        build=lambda ask: _aged(
            PAYABLE, gettext_lazy("Aged payables"), gettext_lazy("Supplier"), ask
        ),
        icon="balances",
    ),
    Report(
        key="open-payables",
        title=gettext_lazy("Open items of suppliers"),
        group="suppliers",
        text=gettext_lazy("Every unpaid bill and unused credit, as of any day."),
        permission="reports.books.view",
        filters=(filters.as_of(), _SUPPLIER, _by_filter(), document_currency()),
        build=lambda ask: _open(PAYABLE, gettext_lazy("Open items of suppliers"), ask),
        icon="invoice",
    ),
)
