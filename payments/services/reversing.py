"""Undo: one allocation, or a whole payment (R6). Nothing is deleted: mirror rows and mirror entries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from core.dates import local_today
from core.errors import N_, DomainError
from core.inputs import clean_text
from core.transactions import write
from ledger.models import JournalEntry
from ledger.services.journal import journal_post, journal_reverse
from payments.errors import AllocationNotFound, AllocationUndone, PaymentVoid
from payments.models import Allocation, Payment
from payments.posting import (
    Move,
    Party,
    SettlementFacts,
    allocation_moves,
    post_settlement,
    turned,
)
from payments.services.allocating import payment_for_update
from payments.services.items import credits_by_id, documents_by_id, payments_by_id
from payments.services.writing import (
    announce_reopened,
    as_settled,
    book_of,
    mirrors_write,
    party_of,
)
from payments.settlement import Item
from tenancy.permissions import require
from tenancy.principal import Principal

REASON_LENGTH = 300


def _items_locked(rows: Sequence[Allocation], party: Party) -> dict[uuid.UUID, Item]:
    """Lock everything these allocations join, in the order every payment locks: the other order would deadlock with it."""
    side = party.side
    found = payments_by_id(
        side, party_id=party.id, ids=sorted({r.payment_id for r in rows if r.payment_id})
    )
    found |= payments_by_id(
        side,
        party_id=party.id,
        ids=sorted({r.refund_id for r in rows if r.refund_id}),
        refunds=True,
    )
    credits = {getattr(row, f"{side.credit}_id") for row in rows} - {None}
    found |= credits_by_id(side, party_id=party.id, ids=sorted(credits), open_only=False)
    documents = {getattr(row, f"{side.document}_id") for row in rows} - {None}
    found |= documents_by_id(side, party_id=party.id, ids=sorted(documents), open_only=False)
    return found


def _source_currency(row: Allocation, items: dict[uuid.UUID, Item]) -> str:
    source = row.payment_id or row.credit_note_id or row.supplier_credit_id
    return items[source].currency if source in items else row.currency


def _moves(
    row: Allocation,
    party: Party,
    *,
    source_currency: str,
    base_currency: str,
    is_advance: bool,
) -> list[Move]:
    return allocation_moves(
        [as_settled(row, source_currency=source_currency)],
        party,
        base_currency=base_currency,
        is_advance=is_advance,
    )


@write
def allocation_undo(
    *, allocation_id: uuid.UUID, actor: Principal, date: dt.date | None = None
) -> Allocation:
    """Undo one allocation by a mirror row: both items are open again, its differences are booked back.

    Dated today unless `date` says otherwise, never before the allocation. Returns the mirror row. Raises
    AllocationNotFound, AllocationUndone, InvoiceLocked, and DomainError for what a journal entry or a void settled.
    """
    require(actor, "payments.allocation.undo")
    row = Allocation.objects.filter(pk=allocation_id).select_related("payment").first()
    if row is None:
        raise AllocationNotFound(N_("There is no such allocation."))
    party = party_of(row)
    items = _items_locked([row], party)
    _require_undoable(row, items)
    day = date or max(row.date, local_today())
    if day < row.date:
        raise DomainError(
            N_("Not before %(date)s, the day of the allocation."),
            code="allocation_date",
            field="date",
            params={"date": row.date.isoformat()},
        )
    (key,) = mirrors_write([row], party, date=day, actor_id=actor.user_id)
    moves = _moves(
        row,
        party,
        source_currency=_source_currency(row, items),
        base_currency=actor.currency,
        is_advance=bool(row.payment and row.payment.is_advance),
    )
    source = items[row.payment_id or row.credit_note_id or row.supplier_credit_id]
    draft = post_settlement(
        SettlementFacts(
            source_id=key,
            date=day,
            number=source.number,
            currency=source.currency,
            rate=source.rate,
            book=book_of(party.side),
            purpose="undo",
        ),
        turned(moves),
    )
    journal_post([draft] if draft else [])
    announce_reopened([row], items, date=day)
    mirror: Allocation = Allocation.objects.get(pk=key)
    return mirror


def _require_undoable(row: Allocation, items: dict[uuid.UUID, Item]) -> None:
    if row.undoes_id or Allocation.objects.filter(undoes_id=row.pk).exists():
        raise AllocationUndone(N_("This allocation was undone before."))
    if row.entry_id:
        raise DomainError(
            N_("A journal entry settled this: reverse the entry."), code="settled_by_journal"
        )
    document = items.get(row.invoice_id or row.bill_id or uuid.UUID(int=0))
    if document and document.status == "void":
        raise DomainError(
            N_("The document is void: its credit note stays with it."), code="document_void"
        )


@write
def payment_void(
    *,
    payment_id: uuid.UUID,
    actor: Principal,
    date: dt.date | None = None,
    reason: str = "",
) -> Payment:
    """Reverse a payment (R6): its journal is mirrored, its allocations are undone, its documents are open again.

    Exchange differences, discounts and small differences go back with it, and the commission through the signal
    `invoice_reopened`. `date` is not before the payment's; without it the reversal has the payment's date.
    """
    require(actor, "payments.payment.void")
    payment = payment_for_update(payment_id)
    if payment.status == Payment.Status.VOID:
        raise PaymentVoid(N_("This payment was reversed."))
    day = date or payment.date
    if day < payment.date:
        raise DomainError(
            N_("Not before %(date)s, the day of the payment."),
            code="void_date",
            field="date",
            params={"date": payment.date.isoformat()},
        )
    reason = clean_text(reason, field="reason", min_length=0, max_length=REASON_LENGTH)
    party = party_of(payment)
    as_source = payment.direction == party.side.money
    stored = list(
        Allocation.objects.filter(
            **{("payment_id" if as_source else "refund_id"): payment.pk}
        ).order_by("id")
    )
    items = _items_locked(stored, party)
    undone = {row.undoes_id for row in stored if row.undoes_id}
    originals = [row for row in stored if row.undoes_id is None]
    live = [row for row in originals if row.pk not in undone]
    entry = JournalEntry.objects.only("pk").get(
        source_kind="payments.payment", source_id=payment.pk, purpose="post"
    )
    journal_reverse(entry_id=entry.pk, date=day)
    moves: list[Move] = []
    for row in originals:
        gone = row.pk in undone
        # Live and part of the payment's entry: the mirror entry took it back. Undone and booked apart: its own mirror
        # did. What is left: live ones booked apart, and undone ones that the mirror entry took back a second time.
        if row.with_payment != gone:
            continue
        own = _moves(
            row,
            party,
            source_currency=_source_currency(row, items),
            base_currency=actor.currency,
            is_advance=payment.is_advance,
        )
        moves += own if gone else turned(own)
    draft = post_settlement(
        SettlementFacts(
            source_id=payment.pk,
            date=day,
            number=payment.number,
            currency=payment.currency,
            rate=payment.exchange_rate,
            book="REC" if payment.direction == "in" else "PAY",
            source_kind="payments.payment",
            purpose="void",
        ),
        moves,
    )
    journal_post([draft] if draft else [])
    mirrors_write(live, party, date=day, actor_id=actor.user_id)
    payment.refresh_from_db()
    payment.status = Payment.Status.VOID
    payment.void_date = day
    payment.void_reason = reason
    payment.version += 1
    payment.save(update_fields=["status", "void_date", "void_reason", "version", "updated_at"])
    announce_reopened(live, items, date=day)
    return payment


@write
def entry_unsettle(*, entry_id: uuid.UUID, date: dt.date, actor_id: int | None) -> None:
    """Undo what a journal entry settled, because the entry was reversed (S10, S12)."""
    stored = list(Allocation.objects.filter(entry_id=entry_id).order_by("id"))
    undone = {row.undoes_id for row in stored if row.undoes_id}
    live = [row for row in stored if row.undoes_id is None and row.pk not in undone]
    if not live:
        return
    party = party_of(live[0])
    items = _items_locked(live, party)
    mirrors_write(live, party, date=date, actor_id=actor_id)
    announce_reopened(live, items, date=date)
