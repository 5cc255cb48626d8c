"""Write what was settled: allocations in one statement, their journal, the news for other apps."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from ar.models import Invoice
from ar.signals import invoice_paid, invoice_reopened
from core.ids import uuid7
from ledger.services.journal import journal_post
from payments.models import Allocation
from payments.posting import (
    Party,
    SettlementFacts,
    allocation_moves,
    post_settlement,
)
from payments.settlement import Item, Settled
from payments.sides import Side, side_of
from tenancy.context import current_company_id

_COLUMNS = {
    "id": "uuid",
    "payment_id": "uuid",
    "credit_note_id": "uuid",
    "supplier_credit_id": "uuid",
    "entry_id": "uuid",
    "invoice_id": "uuid",
    "bill_id": "uuid",
    "refund_id": "uuid",
    "currency": "varchar",
    "date": "date",
    "amount": "numeric",
    "source_amount": "numeric",
    "base_amount": "numeric",
    "source_base_amount": "numeric",
    "discount_amount": "numeric",
    "discount_base": "numeric",
    "write_off_amount": "numeric",
    "write_off_base": "numeric",
    "with_payment": "boolean",
    "undoes_id": "uuid",
}
_SAME = ("company_id", "customer_id", "supplier_id", "created_by_id", "created_at")
# only names and types of our own columns are put together here
_INSERT = (
    f"INSERT INTO payments_allocation ({', '.join([*_SAME, *_COLUMNS])}) "  # noqa: S608
    f"SELECT %s::bigint, %s::uuid, %s::uuid, %s::bigint, %s::timestamptz, v.* "
    f"FROM unnest({', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())}) AS v"
)


def _array(values: Sequence[Any]) -> str:
    """Return values whose text needs no quotes as an array; psycopg would look for quotes in each of them."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _insert(rows: Sequence[dict[str, Any]], party: Party, actor_id: int | None) -> None:
    # keys, amounts, days and codes of currencies: none needs quotes
    columns = [_array([row.get(name) for row in rows]) for name in _COLUMNS]
    customer = party.id if party.side.party == "customer" else None
    supplier = party.id if party.side.party == "supplier" else None
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [current_company_id(), customer, supplier, actor_id, timezone.now(), *columns],
        )


def allocations_write(
    rows: Sequence[Settled],
    party: Party,
    *,
    actor_id: int | None,
    with_payment: dt.date | None = None,
) -> list[uuid.UUID]:
    """Insert allocations; returns their ids. Those dated `with_payment` are booked in the entry of their payment."""
    ids = [uuid7() for _ in rows]
    if rows:
        _insert(
            [
                {
                    "id": key,
                    f"{row.source.kind}_id": row.source.id,
                    f"{row.target.kind}_id": row.target.id,
                    "currency": row.target.currency,
                    "date": row.date,
                    "amount": row.amount,
                    "source_amount": row.source_amount,
                    "base_amount": row.base_amount,
                    "source_base_amount": row.source_base,
                    "discount_amount": row.discount,
                    "discount_base": row.discount_base,
                    "write_off_amount": row.write_off,
                    "write_off_base": row.write_off_base,
                    "with_payment": row.date == with_payment,
                }
                for key, row in zip(ids, rows, strict=True)
            ],
            party,
            actor_id,
        )
    return ids


def mirrors_write(
    rows: Sequence[Allocation], party: Party, *, date: dt.date, actor_id: int | None
) -> list[uuid.UUID]:
    """Undo allocations by mirror rows, not dated before what they undo; returns their ids."""
    ids = [uuid7() for _ in rows]
    if rows:
        _insert(
            [
                {
                    "id": key,
                    **{
                        f"{name}_id": getattr(row, f"{name}_id")
                        for name in (
                            "payment",
                            "credit_note",
                            "supplier_credit",
                            "entry",
                            "invoice",
                            "bill",
                            "refund",
                        )
                    },
                    "currency": row.currency,
                    "date": max(date, row.date),
                    "amount": -row.amount,
                    "source_amount": -row.source_amount,
                    "base_amount": -row.base_amount,
                    "source_base_amount": -row.source_base_amount,
                    "discount_amount": -row.discount_amount,
                    "discount_base": -row.discount_base,
                    "write_off_amount": -row.write_off_amount,
                    "write_off_base": -row.write_off_base,
                    "with_payment": False,
                    "undoes_id": row.pk,
                }
                for key, row in zip(ids, rows, strict=True)
            ],
            party,
            actor_id,
        )
    return ids


def as_settled(row: Allocation, *, source_currency: str) -> Settled:
    """Return a stored allocation as the pure rules know it; its items carry their currency only."""
    return Settled(
        source=_named(source_currency, row.date),
        target=_named(row.currency, row.date),
        date=row.date,
        amount=row.amount,
        source_amount=row.source_amount,
        base_amount=row.base_amount,
        source_base=row.source_base_amount,
        discount=row.discount_amount,
        discount_base=row.discount_base,
        write_off=row.write_off_amount,
        write_off_base=row.write_off_base,
    )


def _named(currency: str, date: dt.date) -> Item:
    zero = Decimal(0)
    return Item("", uuid.UUID(int=0), "", date, date, currency, Decimal(1), zero, zero)


def differences_post(
    rows: Sequence[Settled],
    ids: Sequence[uuid.UUID],
    party: Party,
    *,
    base_currency: str,
    is_advance: bool = False,
    book: str = "",
) -> None:
    """Book what differs for allocations without a payment's entry: one entry for each date, none without a difference."""
    days: dict[dt.date, list[tuple[uuid.UUID, Settled]]] = {}
    for key, row in zip(ids, rows, strict=True):
        days.setdefault(row.date, []).append((key, row))
    drafts = []
    for day, settled in days.items():
        source = settled[0][1].source
        draft = post_settlement(
            SettlementFacts(
                source_id=settled[0][0],
                date=day,
                number=source.number,
                currency=source.currency,
                rate=source.rate,
                book=book or book_of(party.side),
            ),
            allocation_moves(
                [row for _, row in settled],
                party,
                base_currency=base_currency,
                is_advance=is_advance,
            ),
        )
        if draft:
            drafts.append(draft)
    journal_post(drafts)


def book_of(side: Side) -> str:
    """Return the journal book of settlements of a side."""
    return "REC" if side.party == "customer" else "PAY"


def announce(rows: Iterable[Settled]) -> None:
    """Send `invoice_paid` for the invoices these allocations closed."""
    paid = [row.target.id for row in rows if row.closes and row.target.kind == "invoice"]
    if paid:
        invoice_paid.send(Invoice, invoice_ids=paid)


def announce_reopened(
    rows: Iterable[Allocation], documents: dict[uuid.UUID, Item], *, date: dt.date
) -> None:
    """Send `invoice_reopened` for the invoices that were PAID before these allocations were undone."""
    reopened = sorted(
        {
            row.invoice_id
            for row in rows
            if row.invoice_id and documents[row.invoice_id].status == "paid"
        }
    )
    if reopened:
        invoice_reopened.send(Invoice, invoice_ids=reopened, date=date)


def party_of(row: Any) -> Party:
    """Return the party of a payment, document or allocation."""
    if getattr(row, "customer_id", None):
        return Party(side_of("customer"), row.customer_id)
    return Party(side_of("supplier"), row.supplier_id)
