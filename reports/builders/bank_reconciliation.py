"""Reconciliation of a payment account on a day: books, what is on its way, what is not booked yet, bank."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.shapes import money
from payments.models import PaymentAccount
from payments.selectors.bank_accounts import Reconciliation, reconciliation
from reports import filters
from reports.builders.common import period_text
from reports.report import Ask, Report
from web.links import page_of
from web.tables import Column, Remark, ReportTable, Row, Words

ZERO = Decimal(0)


def _accounts() -> QuerySet[Any]:
    return PaymentAccount.objects.order_by("code")


def _outstanding(found: Reconciliation) -> list[Row]:
    rows = []
    for one in found.outstanding:
        link = page_of(one.source_kind, one.source_id) or page_of(
            "ledger.journal_entry", one.entry_id
        )
        rows.append(
            Row(
                {
                    "date": one.date,
                    "number": one.number,
                    "text": str(Words(one.party, one.party_arabic))
                    or (one.description if one.description != one.number else ""),
                    "amount": -one.amount,
                },
                level=1,
                links={"number": link, "amount": link},
            )
        )
    return rows


def _not_booked(found: Reconciliation) -> list[Row]:
    address = reverse("payments:bank-account", args=[found.account.pk])
    rows = []
    for one in found.not_booked:
        link = f"{address}?show=all&line={one.line_id}"
        text = (
            _("Balance before the first statement")
            if one.is_opening
            else " · ".join(part for part in (one.party_name, one.narrative[:80]) if part)
        )
        rows.append(
            Row(
                {
                    "date": one.date,
                    "number": one.reference[:40],
                    "text": text,
                    "amount": one.amount,
                },
                level=1,
                links={"text": link, "amount": link},
            )
        )
    return rows


def _remarks(found: Reconciliation) -> tuple[Remark, ...]:
    if found.statement_balance is None:
        return (Remark(_("There is no statement up to this day."), "warn"),)
    if found.difference:
        return (
            Remark(
                _("A difference is left: a statement is missing between two others."),
                "bad",
                reverse("payments:bank-statements", args=[found.account.pk]),
            ),
        )
    return (Remark(_("Books and bank agree."), "good"),)


def build(ask: Ask) -> ReportTable:
    """Build it: book balance - on its way + not booked = what the bank says; the difference must be zero."""
    account: PaymentAccount | None = ask.get("account")
    columns = (
        Column("date", gettext_lazy("Date"), "date"),
        Column("number", gettext_lazy("Number"), "code"),
        Column("text", gettext_lazy("Text"), wide=True),
        Column("amount", gettext_lazy("Amount"), "money"),
    )
    title = gettext_lazy("Bank reconciliation")
    if account is None:
        return ReportTable(
            title=title,
            columns=columns,
            rows=(),
            currency=ask.currency,
            empty_text=_("Choose a payment account."),
        )
    as_of = ask.day("as_of")
    found = reconciliation(account, as_of)
    name = str(Words(account.name, account.name_arabic))
    rows = [
        Row({"text": _("Balance in the books"), "amount": found.book_balance}, kind="subtotal"),
        Row({"text": _("Booked, but not on a statement yet")}, kind="group"),
        *_outstanding(found),
        Row({"text": _("On a statement, but not booked yet")}, kind="group"),
        *_not_booked(found),
        Row(
            {"text": _("Balance that the bank must show"), "amount": found.expected},
            kind="subtotal",
        ),
    ]
    totals = [
        Row(
            {"text": _("Balance on the statement"), "amount": found.statement_balance}, kind="total"
        ),
        Row({"text": _("Difference"), "amount": found.difference}, kind="total"),
    ]
    return ReportTable(
        title=title,
        columns=columns,
        rows=rows,
        totals=tuple(totals),
        currency=account.currency,
        subtitle=f"{account.code} {name}, {period_text(None, as_of)}",
        remarks=_remarks(found),
        facts={
            "account": str(account.pk),
            "book_balance": money(found.book_balance, account.currency),
            "outstanding": money(
                sum((one.amount for one in found.outstanding), ZERO), account.currency
            ),
            "not_booked": money(
                sum((one.amount for one in found.not_booked), ZERO), account.currency
            ),
            "statement_balance": None
            if found.statement_balance is None
            else money(found.statement_balance, account.currency),
            "difference": money(found.difference, account.currency),
        },
    )


REPORTS = (
    Report(
        key="bank-reconciliation",
        title=gettext_lazy("Bank reconciliation"),
        group="money",
        text=gettext_lazy("Why books and bank differ on a day; the rest must be zero."),
        permission="reports.books.view",
        filters=(
            filters.record("account", gettext_lazy("Payment account"), _accounts, needed=True),
            filters.as_of(),
        ),
        build=build,
        icon="bank",
    ),
)
