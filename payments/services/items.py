"""Open items, locked and read after the lock, in one statement for each table (accounting.md section 6).

Order of locks everywhere: payments, credits, documents, each by id.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from core.errors import N_
from payments.errors import InvoiceLocked
from payments.selectors.open_items import (
    DOCUMENT_COLUMNS,
    PAYMENT_COLUMNS,
    items_of,
)
from payments.settlement import Item
from payments.sides import Side
from payments.strategies import STRATEGIES, Strategy, UnknownStrategy
from tenancy.context import current_company_id

_ORDERS = {
    Strategy.FIFO: "due_date, issue_date, number, id",
    Strategy.LIFO: "due_date DESC, issue_date DESC, number DESC, id DESC",
    Strategy.FIFO_BY_ISSUE_DATE: "issue_date, due_date, number, id",
    Strategy.LIFO_BY_ISSUE_DATE: "issue_date DESC, due_date DESC, number DESC, id DESC",
}


def _refuse_locked(rows: Iterable[tuple[Any, ...]]) -> None:
    if any(row[9] for row in rows):
        raise InvoiceLocked(N_("This invoice is locked by an owner."))


def documents_first_enough(
    side: Side,
    *,
    party_id: uuid.UUID,
    currency: str,
    date: dt.date | None,
    amount: Decimal,
    strategy: str,
    lock: bool = True,
) -> list[Item]:
    """Return the open documents a strategy reaches with `amount`, in its order. Only as many as the amount covers.

    Held back and locked documents, other currencies and documents after `date` (None: any) are left out.
    """
    if strategy not in STRATEGIES:
        raise UnknownStrategy(N_("The strategy is fifo, lifo or manual."), field="strategy")
    if strategy in (Strategy.MANUAL, Strategy.NONE):
        return []
    order = _ORDERS[Strategy(strategy)]
    table, party = side.document_table, side.party
    # only names of our own tables are put together here
    sql = f"""
        SELECT {DOCUMENT_COLUMNS} FROM {table} WHERE company_id = %(company)s AND id IN (
            SELECT id FROM (
                SELECT id, sum(open_amount) OVER (ORDER BY {order}) - open_amount AS before
                FROM {table}
                WHERE company_id = %(company)s AND {party}_id = %(party)s AND currency = %(currency)s
                  AND status IN ('posted', 'partially_paid') AND NOT is_locked AND settlement_hold = ''
                  AND (%(date)s::date IS NULL OR issue_date <= %(date)s::date)
            ) AS items WHERE before < %(amount)s)
          AND status IN ('posted', 'partially_paid') AND NOT is_locked
        ORDER BY id {"FOR UPDATE" if lock else ""}
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "company": current_company_id(),
                "party": party_id,
                "currency": currency,
                "date": date,
                "amount": amount,
            },
        )
        return items_of(side.document, cursor.fetchall())


def documents_by_id(
    side: Side, *, party_id: uuid.UUID, ids: Sequence[uuid.UUID], open_only: bool = True
) -> dict[uuid.UUID, Item]:
    """Return the named documents of the party, locked. Raises InvoiceLocked for one its owner locked."""
    return _locked(side.document, side.document_table, side, party_id, ids, open_only)


def credits_by_id(
    side: Side, *, party_id: uuid.UUID, ids: Sequence[uuid.UUID], open_only: bool = True
) -> dict[uuid.UUID, Item]:
    """Return the named credit notes or supplier credits of the party, locked."""
    return _locked(side.credit, side.credit_table, side, party_id, ids, open_only)


def _locked(
    kind: str,
    table: str,
    side: Side,
    party_id: uuid.UUID,
    ids: Sequence[uuid.UUID],
    open_only: bool,
) -> dict[uuid.UUID, Item]:
    if not ids:
        return {}
    states = (
        "('posted', 'partially_paid')"
        if open_only
        else "('posted', 'partially_paid', 'paid', 'void')"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {DOCUMENT_COLUMNS} FROM {table} WHERE company_id = %s AND {side.party}_id = %s "  # noqa: S608
            f"AND id = ANY(%s) AND status IN {states} ORDER BY id FOR UPDATE",
            [current_company_id(), party_id, list(ids)],
        )
        rows = cursor.fetchall()
    _refuse_locked(rows)
    return {item.id: item for item in items_of(kind, rows)}


def payments_by_id(
    side: Side,
    *,
    party_id: uuid.UUID,
    ids: Sequence[uuid.UUID],
    refunds: bool = False,
) -> dict[uuid.UUID, Item]:
    """Return the named payments of the party, locked: money on account, or refunds."""
    if not ids:
        return {}
    money_out = "out" if side.money == "in" else "in"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {PAYMENT_COLUMNS} FROM payments_payment WHERE company_id = %s "  # noqa: S608
            f"AND {side.party}_id = %s AND direction = %s AND id = ANY(%s) AND status = 'posted' "
            "ORDER BY id FOR UPDATE",
            [
                current_company_id(),
                party_id,
                money_out if refunds else side.money,
                list(ids),
            ],
        )
        return {
            item.id: item
            for item in items_of("refund" if refunds else "payment", cursor.fetchall())
        }
