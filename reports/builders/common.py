"""What several builders share: filters, texts of periods, sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.errors import N_, DomainError
from ledger.models import AccountBalance
from ledger.selectors.late import posted_later
from reports.filters import Filter, choice
from reports.report import Ask
from web.formats import MONTHS_ARABIC, MONTHS_ENGLISH, format_date
from web.tables import Remark, Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")

ZERO = Decimal(0)


def shown_day(day: dt.date) -> str:
    """Return a day as people read it."""
    return format_date(day, (get_language() or "en")[:2])


def shown_month(day: dt.date) -> str:
    """Return "Jan 2026" or its Arabic."""
    names = MONTHS_ARABIC if (get_language() or "").startswith("ar") else MONTHS_ENGLISH
    return f"{names[day.month - 1]} {day.year}"


def period_text(first: dt.date | None, last: dt.date) -> str:
    """Return "as of 31 Jan 2026" or "1 Jan 2026 – 31 Jan 2026"."""
    if first is None:
        return _("as of %(day)s") % {"day": shown_day(last)}
    return f"{shown_day(first)} – {shown_day(last)}"


def _currencies() -> Sequence[tuple[str, StrOrPromise]]:
    used = AccountBalance.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [("", gettext_lazy("All currencies")), *((one, one) for one in used)]


def currency_filter() -> Filter:
    """Only what was booked in one currency; amounts stay in the base currency."""

    def read(text: str, field: str) -> str:
        if not (
            len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
        ):  # ISO 4217
            raise DomainError(N_("A currency is three letters."), code="invalid", field=field)
        return text

    base = choice("currency_of", gettext_lazy("Currency of the postings"), _currencies)
    return Filter(base.key, base.label, "choice", read, base.default, _currencies)


def report_link(key: str, **query: object) -> str:
    """Return the address of a report with these filters; empty ones are left out."""
    parts: dict[str, str] = {}
    for name, value in query.items():
        if value is None or value == "":
            continue
        parts[name.rstrip("_")] = value.isoformat() if isinstance(value, dt.date) else str(value)
    return f"{reverse('reports:report', args=[key])}?{urlencode(parts)}"


def account_link(code: str, *, first: dt.date | None = None, last: dt.date | None = None) -> str:
    """Return the address of an account's lines."""
    return report_link("general-ledger", account=code, from_=first, to=last)


def summed(rows: Iterable[Row], keys: Iterable[str]) -> dict[str, Any]:
    """Return the sums of money columns over plain rows."""
    sums = dict.fromkeys(keys, ZERO)
    for row in rows:
        if row.kind != "row":
            continue
        for key in sums:
            value = row.cells.get(key)
            if isinstance(value, Decimal):
                sums[key] += value
    return sums


def total_row(label: str, column: str, rows: Iterable[Row], keys: Iterable[str]) -> Row:
    """Return the total below the rows."""
    return Row({column: label, **summed(rows, keys)}, kind="total")


def document_currency() -> Filter:
    """Only documents in one currency, with their amounts in it; empty: everything, in the base currency."""
    return replace(currency_filter(), label=gettext_lazy("Currency"))


def cut(rows: Sequence[T], ask: Ask) -> tuple[Sequence[T], str]:
    """Return the rows of the page that was asked for, and where the next one begins."""
    if ask.limit is None:
        return rows, ""
    text = ask.after
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # rows
    end = start + ask.limit
    return rows[start:end], str(end) if end < len(rows) else ""


def late_postings(as_of: dt.date, today: dt.date) -> tuple[Remark, ...]:
    """Say when a report of a past day shows entries that were posted after it, and by whom."""
    if as_of >= today:
        return ()
    late = posted_later(as_of)
    if late is None:
        return ()
    text = _(
        "%(count)s entries dated until then were posted later; the last one, %(number)s, by %(person)s on %(day)s."
    ) % {
        "count": f"{late.count}+" if late.is_more else late.count,
        "number": late.number,
        "person": late.person or _("the system"),
        "day": shown_day(late.posted_on),
    }
    return (Remark(text, "info"),)


_SOURCES: dict[str, StrOrPromise] = {
    "ar.invoice": gettext_lazy("Invoice"),
    "ar.credit_note": gettext_lazy("Credit note"),
    "ap.bill": gettext_lazy("Bill"),
    "ap.supplier_credit": gettext_lazy("Supplier credit"),
    "payments.payment": gettext_lazy("Payment"),
    "payments.allocation": gettext_lazy("Allocation"),
    "ledger.manual_journal": gettext_lazy("Manual journal"),
}


def source_name(kind: str) -> str:
    """Return what the document behind an entry is called."""
    return str(_SOURCES.get(kind, ""))
