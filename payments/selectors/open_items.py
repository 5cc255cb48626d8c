"""What a party owes and what it has on account, and what a strategy would do with money. Reads only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection

from payments.settlement import Item
from payments.sides import Side, side_of
from payments.strategies import Strategy, propose
from tenancy.context import current_company_id
from tenancy.models import Company

DOCUMENT_COLUMNS = (
    "id, number, issue_date, COALESCE(due_date, issue_date), currency, exchange_rate, "
    "total - allocated_amount, base_total - allocated_base, status, is_locked"
)
PAYMENT_COLUMNS = (
    "id, number, date, date, currency, exchange_rate, amount + withholding_tax - allocated_amount, "
    "base_amount + base_withholding - allocated_base, status, false"
)


def items_of(kind: str, rows: Iterable[tuple[Any, ...]]) -> list[Item]:
    """Return rows of the columns above as items of a kind."""
    return [
        Item(kind, pk, number, date, due, currency, rate, open_amount, carrying, status)
        for pk, number, date, due, currency, rate, open_amount, carrying, status, _ in rows
    ]


def open_documents(
    side: Side, *, party_id: uuid.UUID, currency: str | None = None, limit: int = 500
) -> list[Item]:
    """Return what is open on a party's documents, first due first; `held` tells what no strategy takes. Locks nothing."""
    where = f"company_id = %(company)s AND {side.party}_id = %(party)s"
    if currency:
        where += " AND currency = %(currency)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {DOCUMENT_COLUMNS}, settlement_hold FROM {side.document_table} "  # noqa: S608
            f"WHERE {where} AND status IN ('posted', 'partially_paid') AND NOT is_locked "
            "ORDER BY due_date, issue_date, number, id LIMIT %(limit)s",
            {
                "company": current_company_id(),
                "party": party_id,
                "currency": currency,
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    items = items_of(side.document, [row[:10] for row in rows])
    for item, row in zip(items, rows, strict=True):
        item.held = row[10]
    return items


def open_credits(
    side: Side, *, party_id: uuid.UUID, currency: str | None = None, limit: int = 500
) -> list[Item]:
    """Return what a party has on account, oldest first: money and credits. Locks nothing; one statement."""
    where = f"company_id = %(company)s AND {side.party}_id = %(party)s AND open_amount > 0"
    if currency:
        where += " AND currency = %(currency)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 'payment', {PAYMENT_COLUMNS} FROM payments_payment WHERE {where} "  # noqa: S608
            "AND status = 'posted' AND direction = %(direction)s "
            f"UNION ALL SELECT '{side.credit}', {DOCUMENT_COLUMNS} FROM {side.credit_table} "
            f"WHERE {where} AND status IN ('posted', 'partially_paid') AND settlement_hold = '' "
            "ORDER BY 4, 3 LIMIT %(limit)s",
            {
                "company": current_company_id(),
                "party": party_id,
                "currency": currency,
                "direction": side.money,
                "limit": limit,
            },
        )
        return [items_of(kind, [row])[0] for kind, *row in cursor.fetchall()]


def company_order(strategy: str) -> str:
    """Return the strategy as the company reads it: oldest and newest by due date, or by date of the document (a setting).

    One statement, for FIFO and LIFO only.
    """
    by_date = {
        Strategy.FIFO: Strategy.FIFO_BY_ISSUE_DATE,
        Strategy.LIFO: Strategy.LIFO_BY_ISSUE_DATE,
    }
    if strategy not in by_date:
        return strategy
    wanted = Company.objects.values_list("settle_by_issue_date", flat=True).get(
        pk=current_company_id()
    )
    return by_date[Strategy(strategy)] if wanted else strategy


def proposal_of(
    *,
    party: str,
    party_id: uuid.UUID,
    currency: str,
    amount: Decimal,
    strategy: str,
    date: dt.date | None = None,
) -> list[tuple[Item, Decimal]]:
    """Return every open document of the party in the currency with what the strategy proposes for it, first due first.

    Held back documents and those after `date` are shown with nothing proposed, as registering would do.
    """
    items = open_documents(side_of(party), party_id=party_id, currency=currency)
    free = [item for item in items if not item.held and (date is None or item.date <= date)]
    chosen = (
        dict(propose(free, amount, company_order(strategy)).allocations)
        if strategy != Strategy.MANUAL
        else {}
    )
    return [(item, chosen.get(item.id, Decimal(0))) for item in items]
