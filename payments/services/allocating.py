"""Settle with what is on account: the rest of a payment, a credit note, a supplier credit, a journal entry."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from ap.models import Bill, SupplierCredit
from ar.models import CreditNote, Invoice
from core.errors import N_
from core.money import ZERO
from core.transactions import write
from documents.errors import DocumentNotFound
from payments.errors import PaymentNotFound, PaymentVoid
from payments.models import Payment
from payments.posting import Party
from payments.services.choosing import sources_for, targets_for
from payments.services.differences import differences_require
from payments.services.items import credits_by_id
from payments.services.writing import allocations_write, announce, differences_post, party_of
from payments.settlement import Item, Part, Settled, settle, settle_all, settle_by_all
from payments.strategies import Strategy
from payments.typed import Allocated, parts_of
from tenancy.permissions import require
from tenancy.principal import Principal


def payment_for_update(payment_id: uuid.UUID) -> Payment:
    """Return the payment, locked. Raises PaymentNotFound."""
    payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
    if payment is None:
        raise PaymentNotFound(N_("There is no such payment."))
    return payment


def money_item(payment: Payment) -> Item:
    """Return a payment as an open item: money on account, or a refund to be settled."""
    party = party_of(payment)
    return Item(
        kind="payment" if payment.direction == party.side.money else "refund",
        id=payment.pk,
        number=payment.number,
        date=payment.date,
        due_date=payment.date,
        currency=payment.currency,
        rate=payment.exchange_rate,
        open_amount=payment.amount + payment.withholding_tax - payment.allocated_amount,
        carrying=payment.base_amount + payment.base_withholding - payment.allocated_base,
        status=payment.status,
    )


@write
def payment_allocate(
    *,
    payment_id: uuid.UUID,
    actor: Principal,
    strategy: str = Strategy.FIFO,
    allocations: tuple[Allocated, ...] = (),
    date: dt.date | None = None,
) -> Payment:
    """Use the rest of a payment on open documents; of a refund, name the credits it pays back.

    Dated by the later of the two items unless `date` says a later day. Raises as `payment_register`.
    """
    payment = payment_for_update(payment_id)
    require(
        actor,
        "payments.payment.create" if payment.direction == "in" else "payments.payment.pay",
    )
    if payment.status == Payment.Status.VOID:
        raise PaymentVoid(N_("This payment was reversed."))
    party, money, parts = party_of(payment), money_item(payment), parts_of(allocations)
    if money.kind == "refund":
        sources = sources_for(party, money, strategy=strategy, parts=parts)
        rows = settle_by_all(sources, money, base_currency=actor.currency, date=date)
    else:
        targets = targets_for(party, money, strategy=strategy, parts=parts)
        rows = settle_all(money, targets, base_currency=actor.currency, date=date)
    _store(rows, party, actor=actor, is_advance=payment.is_advance)
    payment.refresh_from_db()
    return payment


@write
def credit_allocate(
    *,
    credit_id: uuid.UUID,
    party: Party,
    actor: Principal,
    strategy: str = Strategy.MANUAL,
    allocations: tuple[Allocated, ...] = (),
    date: dt.date | None = None,
) -> None:
    """Set a credit note or a supplier credit against any open documents of its party, not only its own.

    Raises DocumentNotFound, OverAllocated, UnknownOpenItem, InvoiceLocked.
    """
    require(
        actor,
        "payments.payment.create" if party.side.party == "customer" else "payments.payment.pay",
    )
    found = credits_by_id(party.side, party_id=party.id, ids=[credit_id])
    if credit_id not in found:
        raise DocumentNotFound(N_("There is no such open credit."))
    credit = found[credit_id]
    targets = targets_for(party, credit, strategy=strategy, parts=parts_of(allocations))
    _store(settle_all(credit, targets, base_currency=actor.currency, date=date), party, actor=actor)


def _store(
    rows: Sequence[Settled], party: Party, *, actor: Principal, is_advance: bool = False
) -> None:
    differences_require(rows, actor=actor)
    ids = allocations_write(rows, party, actor_id=actor.user_id)
    differences_post(rows, ids, party, base_currency=actor.currency, is_advance=is_advance)
    announce(rows)


def _document_item(document: Invoice | Bill | CreditNote | SupplierCredit, kind: str) -> Item:
    """Return a document that its caller has locked and read as an open item."""
    return Item(
        kind=kind,
        id=document.pk,
        number=document.number,
        date=document.issue_date,
        due_date=document.due_date or document.issue_date,
        currency=document.currency,
        rate=document.exchange_rate,
        open_amount=(document.total or ZERO) - document.allocated_amount,
        carrying=document.base_total - document.allocated_base,
        status=document.status,
    )


def credit_settle(
    credit: CreditNote | SupplierCredit,
    document: Invoice | Bill,
    *,
    base_currency: str,
    actor_id: int | None,
) -> Decimal:
    """Set a posted credit against the document it names, up to what is open on it; returns how much.

    Both are locked by the caller. The rest of the credit stays on account.
    """
    party = party_of(credit)
    source = _document_item(credit, party.side.credit)
    target = _document_item(document, party.side.document)
    amount = min(source.open_amount, target.open_amount)
    if amount <= 0 or source.currency != target.currency:
        return ZERO
    row = settle(source, target, Part(target.id, amount), base_currency=base_currency)
    ids = allocations_write([row], party, actor_id=actor_id)
    differences_post([row], ids, party, base_currency=base_currency)
    # a credit over all of a document takes it back: nobody paid it
    if amount != document.total:
        announce([row])
    return amount


def entry_settle(
    *,
    invoice: Invoice,
    entry_id: uuid.UUID,
    amount: Decimal,
    base_amount: Decimal,
    date: dt.date,
    actor_id: int | None,
) -> None:
    """Set a journal entry that took `base_amount` off the customer's account against the invoice (S10, S12).

    The entry books everything itself; nothing differs here. The caller holds the invoice locked.
    """
    party = party_of(invoice)
    target = _document_item(invoice, "invoice")
    source = Item(
        "entry",
        entry_id,
        "",
        date,
        date,
        invoice.currency,
        invoice.exchange_rate,
        amount,
        base_amount,
    )
    row = Settled(
        source=source,
        target=target,
        date=date,
        amount=amount,
        source_amount=amount,
        base_amount=base_amount,
        source_base=base_amount,
        closes=amount == target.open_amount,
    )
    allocations_write([row], party, actor_id=actor_id)
    announce([row])
