"""General ledger of an account and the journal, page by page or whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from ledger.models import Account, JournalEntry
from ledger.selectors.balances import account_movements
from reports import filters
from reports.builders.common import ZERO, account_link, period_text, source_name
from reports.report import Ask, Report
from reports.selectors import ledger
from web.links import page_of
from web.tables import Column, ReportTable, Row, Words

BOOKS = (
    ("", gettext_lazy("All books")),
    ("SAL", gettext_lazy("Sales")),
    ("PUR", gettext_lazy("Purchases")),
    ("REC", gettext_lazy("Receipts")),
    ("PAY", gettext_lazy("Payments")),
    ("STK", gettext_lazy("Stock")),
    ("COM", gettext_lazy("Commissions")),
    ("FX", gettext_lazy("Currency")),
    ("TAX", gettext_lazy("Tax")),
    ("GEN", gettext_lazy("General")),
    ("OPN", gettext_lazy("Opening")),
    ("CLO", gettext_lazy("Year end")),
)
NORMAL = "normal"
KINDS = dict(JournalEntry.Kind.choices)


def source_link(kind: str, source_id: object, entry_id: object) -> str:
    """Return the page of the document behind an entry, else of the entry."""
    return page_of(kind, source_id) or page_of("ledger.journal_entry", entry_id)


def _text(description: str, number: str, source_kind: str, kind: str) -> str:
    """Return what an entry is about; its own text when it says more than its number."""
    said = description if description != number else ""
    return " · ".join(part for part in (said or source_name(source_kind), kind) if part)


def line_row(line: ledger.LedgerLine, base: str) -> Row:
    """Return a line of an account or a party with the balance after it."""
    entry = page_of("ledger.journal_entry", line.entry_id)
    kind = "" if line.kind == NORMAL else str(KINDS.get(line.kind, line.kind))
    foreign = line.currency != base
    return Row(
        {
            "date": line.date,
            "number": line.source_number,
            "description": _text(line.description, line.source_number, line.source_kind, kind),
            "opposite": line.opposite,
            "debit": line.debit,
            "credit": line.credit,
            "balance": line.balance,
        },
        links={
            "number": source_link(line.source_kind, line.source_id, line.entry_id),
            "description": entry,
            "debit": entry,
            "credit": entry,
        },
        meta={
            "entry": str(line.entry_id),
            "kind_of_entry": line.kind,
            "source_kind": line.source_kind,
            "source_id": str(line.source_id),
            "line_currency": line.currency if foreign else base,
            "amount_currency": money(line.amount_currency, line.currency),
        },
    )


def line_columns() -> tuple[Column, ...]:
    """Return the columns of an account's or a party's lines."""
    return (
        Column("date", gettext_lazy("Date"), "date"),
        Column("number", gettext_lazy("Document"), "code"),
        Column("description", gettext_lazy("Text"), wide=True),
        Column("opposite", gettext_lazy("Opposite accounts"), "code"),
        Column("debit", gettext_lazy("Debit"), "money", blank_zero=True),
        Column("credit", gettext_lazy("Credit"), "money", blank_zero=True),
        Column("balance", gettext_lazy("Balance"), "money"),
    )


def opening_row(day: dt.date, balance: Decimal) -> Row:
    """Return the line that a ledger begins with."""
    label = _("Opening balance")
    return Row({"date": day, "description": label, "balance": balance}, kind="subtotal")


def closing_row(debit: Decimal, credit: Decimal, closing: Decimal) -> Row:
    """Return the line that a ledger ends with."""
    return Row(
        {
            "description": _("Sum of the period and closing balance"),
            "debit": debit,
            "credit": credit,
            "balance": closing,
        },
        kind="total",
    )


def lines_shown(
    ask: Ask, lines: ledger.Lines, *, first: dt.date, last: dt.date, opening: Decimal
) -> tuple[Iterable[Row], str]:
    """Return the opening and the lines of the page that was asked for, or all of them, and the next place."""
    if ask.limit is None:
        found = ledger.ledger_lines(lines, first=first, last=last, opening=opening)
        return _whole(first, opening, found, ask.currency), ""
    place = ledger.place_of(ask.after)
    page = ledger.ledger_page(
        lines,
        first=first,
        last=last,
        place=place or ledger.beginning(first, opening),
        limit=ask.limit + 1,
    )
    more = len(page) > ask.limit
    page = page[: ask.limit]
    rows = [line_row(one, ask.currency) for one in page]
    if place is None:
        rows.insert(0, opening_row(first, opening))
    if not more:
        return rows, ""
    return rows, ledger.Place(page[-1].date, page[-1].id, page[-1].balance).signed()


def _whole(
    first: dt.date, opening: Decimal, found: Iterator[ledger.LedgerLine], currency: str
) -> Iterator[Row]:
    yield opening_row(first, opening)
    for line in found:
        yield line_row(line, currency)


def build_ledger(ask: Ask) -> ReportTable:
    """Build the ledger of one account. Three statements a page."""
    account: Account = ask.get("account")
    first, last = ask.day("from"), ask.day("to")
    moved = {one.account_id: one for one in account_movements(since=first, until=last)}
    movement = moved.get(account.pk)
    opening = movement.opening if movement else ZERO
    debit = movement.debit if movement else ZERO
    credit = movement.credit if movement else ZERO
    rows, after = lines_shown(
        ask, ledger.of_account(account.pk), first=first, last=last, opening=opening
    )
    closing = opening + debit - credit
    return ReportTable(
        title=gettext_lazy("General ledger"),
        columns=line_columns(),
        rows=rows,
        totals=() if after else (closing_row(debit, credit, closing),),
        currency=ask.currency,
        subtitle=f"{account.code} {Words(account.name, account.name_arabic)} · {period_text(first, last)}",
        after=after,
        facts={"opening": money(opening, ask.currency), "closing": money(closing, ask.currency)},
    )


def _journal_row(one: ledger.JournalRow, before: object) -> Row:
    is_first = one.entry_id != before
    link = source_link(one.source_kind, one.source_id, one.entry_id)
    kind = "" if one.kind == NORMAL else str(KINDS.get(one.kind, one.kind))
    return Row(
        {
            "date": one.date if is_first else None,
            "number": one.source_number if is_first else None,
            "description": _text(one.description, one.source_number, one.source_kind, kind)
            if is_first
            else None,
            "code": one.code,
            "name": Words(one.name, one.name_arabic),
            "debit": one.debit,
            "credit": one.credit,
        },
        links={
            "number": link,
            "description": page_of("ledger.journal_entry", one.entry_id),
            "code": account_link(one.code, first=one.date, last=one.date),
        },
        meta={"entry": str(one.entry_id), "entry_date": one.date.isoformat(), "book": one.book},
    )


def _journal_rows(found: Iterable[ledger.JournalRow]) -> Iterator[Row]:
    before: object = None
    for one in found:
        yield _journal_row(one, before)
        before = one.entry_id


def build_journal(ask: Ask) -> ReportTable:
    """Build the journal. One statement a page."""
    first, last = ask.day("from"), ask.day("to")
    wanted = {"book": ask.get("book") or "", "kind": ask.get("kind") or ""}
    after = ""
    rows: Iterable[Row]
    if ask.limit is None:
        rows = _journal_rows(ledger.journal_rows(first=first, last=last, **wanted))
    else:
        entries = max(ask.limit // 4, 1)
        place = ledger.place_of(ask.after) or ledger.beginning(first, ZERO)
        page = ledger.journal_page(first=first, last=last, place=place, limit=entries + 1, **wanted)
        keys = list(dict.fromkeys(one.entry_id for one in page))
        if len(keys) > entries:
            page = [one for one in page if one.entry_id != keys[-1]]
            after = ledger.Place(page[-1].date, page[-1].entry_id, ZERO).signed()
        rows = list(_journal_rows(page))
    return ReportTable(
        title=gettext_lazy("Journal"),
        columns=(
            Column("date", gettext_lazy("Date"), "date"),
            Column("number", gettext_lazy("Document"), "code"),
            Column("description", gettext_lazy("Text"), wide=True),
            Column("code", gettext_lazy("Code"), "code"),
            Column("name", gettext_lazy("Account"), wide=True),
            Column("debit", gettext_lazy("Debit"), "money", blank_zero=True),
            Column("credit", gettext_lazy("Credit"), "money", blank_zero=True),
        ),
        rows=rows,
        currency=ask.currency,
        subtitle=period_text(first, last),
        after=after,
    )


def _accounts() -> object:
    return Account.objects.filter(is_posting=True)


REPORTS = (
    Report(
        key="general-ledger",
        title=gettext_lazy("General ledger"),
        group="books",
        text=gettext_lazy("The lines of an account with running balance and opposite accounts."),
        permission="ledger.journal.view",
        filters=(
            filters.record("account", gettext_lazy("Account"), _accounts, needed=True),  # type: ignore[arg-type]  # a queryset
            filters.since(),
            filters.until(),
        ),
        build=build_ledger,
        is_long=True,
        icon="journal",
    ),
    Report(
        key="journal",
        title=gettext_lazy("Journal"),
        group="books",
        text=gettext_lazy("Every entry with its lines, in order of date."),
        permission="ledger.journal.view",
        filters=(
            filters.since(),
            filters.until(),
            filters.choice("book", gettext_lazy("Book"), BOOKS),
            filters.choice(
                "kind",
                gettext_lazy("Kind"),
                (("", gettext_lazy("All kinds")), *JournalEntry.Kind.choices),
            ),
        ),
        build=build_journal,
        is_long=True,
        icon="journal",
    ),
)
