"""Money in: register and allocate (SP-5)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from ar.models import CreditNote, Customer, Invoice
from ar.services.building import actor_branch
from ar.signals import invoice_paid
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import quantize
from core.transactions import write
from documents.errors import UnknownParty
from documents.services.numbering import format_number, numbers_take
from ledger.models import JournalEntry
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.rates import rate_on
from payments.errors import (
    CurrencyDiffers,
    InvoiceLocked,
    PaymentNotFound,
    PaymentVoid,
    UnknownPaymentAccount,
)
from payments.models import Allocation, Payment, PaymentAccount
from payments.posting import ReceiptFacts, post_receipt
from payments.strategies import (
    STRATEGIES,
    OpenItem,
    Proposal,
    Strategy,
    UnknownStrategy,
    propose,
)
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal


@dataclass(frozen=True, slots=True)
class TypedPayment:
    """A receipt as typed. Amounts in `currency`; empty means the payment account's."""

    customer_id: uuid.UUID
    payment_account_id: uuid.UUID
    amount: Decimal
    date: dt.date
    strategy: str = Strategy.FIFO
    allocations: tuple[tuple[uuid.UUID, Decimal], ...] = ()
    currency: str = ""
    exchange_rate: Decimal | None = None
    reference: str = ""
    notes: str = ""


_FIRST_ENOUGH = """
SELECT id FROM (
    SELECT id, sum(open_amount) OVER (ORDER BY {order}) - open_amount AS before
    FROM ar_invoice
    WHERE company_id = %s AND customer_id = %s AND currency = %s AND status IN ('posted', 'partially_paid')
      AND NOT is_locked AND issue_date <= %s
) AS items WHERE before < %s
"""
_ORDERS = {
    Strategy.FIFO: "due_date, issue_date, number",
    Strategy.LIFO: "due_date DESC, issue_date DESC, number DESC",
    Strategy.FIFO_BY_ISSUE_DATE: "issue_date, due_date, number",
}


def _open(document: Invoice | CreditNote) -> Decimal:
    """Return what is open right now; the generated column is only as fresh as its last read."""
    return (document.total or Decimal(0)) - document.allocated_amount


def _as_items(invoices: Iterable[Invoice]) -> list[OpenItem]:
    return [
        OpenItem(i.pk, i.number, i.issue_date, i.due_date or i.issue_date, _open(i))
        for i in invoices
    ]


def open_items_locked(
    *,
    customer_id: uuid.UUID,
    currency: str,
    date: dt.date,
    amount: Decimal,
    strategy: str,
    manual_ids: Sequence[uuid.UUID] = (),
) -> list[OpenItem]:
    """Return the open items a payment can reach, locked in key order and read after the lock.

    FIFO and LIFO lock only as many as the amount covers: one window-function statement finds them.
    """
    if strategy not in STRATEGIES:
        raise UnknownStrategy(N_("The strategy is fifo, lifo or manual."), field="strategy")
    if strategy == Strategy.MANUAL:
        ids = list(manual_ids)
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                _FIRST_ENOUGH.format(order=_ORDERS[Strategy(strategy)]),
                [current_company_id(), customer_id, currency, date, amount],
            )
            ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return []
    locked = list(
        Invoice.objects.select_for_update()
        .filter(
            pk__in=ids,
            customer_id=customer_id,
            currency=currency,
            status__in=("posted", "partially_paid"),
        )
        .order_by("pk")
    )
    if strategy == Strategy.MANUAL and any(invoice.is_locked for invoice in locked):
        raise InvoiceLocked(N_("This invoice is locked by an owner."), field="allocations")
    return _as_items([invoice for invoice in locked if not invoice.is_locked])


def proposal_for(
    *, customer_id: uuid.UUID, currency: str, amount: Decimal, strategy: str, date: dt.date
) -> list[tuple[OpenItem, Decimal]]:
    """Return every open item of the customer with the amount the strategy proposes for it. Locks nothing."""
    items = _as_items(
        Invoice.objects.filter(
            customer_id=customer_id,
            currency=currency,
            status__in=("posted", "partially_paid"),
            is_locked=False,
        ).order_by("due_date", "issue_date", "number")[:500]
    )
    chosen = (
        dict(propose(items, amount, strategy).allocations) if strategy != Strategy.MANUAL else {}
    )
    return [(item, chosen.get(item.id, Decimal(0))) for item in items]


@write
def payment_register(*, typed: TypedPayment, actor: Principal) -> Payment:
    """Register money received and settle invoices with it; what is left stays as credit on account.

    Never allocates more than is open, under concurrency too: rows are locked, and the database bounds the sums.
    Raises OverAllocated, UnknownOpenItem, UnknownPaymentAccount, UnknownParty, RateMissing.
    """
    require(actor, "payments.payment.create")
    account = PaymentAccount.objects.filter(pk=typed.payment_account_id, is_active=True).first()
    if account is None:
        raise UnknownPaymentAccount(
            N_("There is no such payment account."), field="payment_account"
        )
    currency = typed.currency or account.currency
    if quantize(typed.amount, currency) != typed.amount or typed.amount <= 0:
        raise DomainError(
            N_("Enter an amount greater than zero, in whole minor units."),
            code="wrong_amount",
            field="amount",
        )
    # an inactive customer still pays what is owed
    customer = Customer.objects.filter(pk=typed.customer_id).first()
    if customer is None:
        raise UnknownParty(N_("There is no such customer."), field="customer")
    items = open_items_locked(
        customer_id=customer.pk,
        currency=currency,
        date=typed.date,
        amount=typed.amount,
        strategy=typed.strategy,
        manual_ids=[key for key, _ in typed.allocations],
    )
    proposal = propose(items, typed.amount, typed.strategy, typed.allocations)
    rate = typed.exchange_rate or rate_on(
        currency=currency, base_currency=actor.currency, date=typed.date
    )
    if currency != actor.currency and proposal.allocations:
        _require_same_rate(proposal, rate)
    branch_id = actor_branch(actor)
    series, (number,) = numbers_take(
        branch_id=branch_id, kind="payments.payment", prefix="REC", year=typed.date.year
    )
    payment = Payment(
        id=uuid7(),
        branch_id=branch_id,
        number=format_number(series, number),
        series=series,
        sequence_number=number,
        customer_id=customer.pk,
        payment_account_id=account.pk,
        date=typed.date,
        currency=currency,
        exchange_rate=rate,
        amount=typed.amount,
        base_amount=quantize(typed.amount * rate, actor.currency),
        reference=typed.reference,
        notes=typed.notes,
        created_by_id=actor.user_id,
    )
    Payment.objects.bulk_create([payment])
    journal_post(
        [
            post_receipt(
                ReceiptFacts(
                    payment_id=payment.pk,
                    number=payment.number,
                    date=payment.date,
                    account_id=account.account_id,
                    customer_id=customer.pk,
                    currency=currency,
                    rate=rate,
                    amount=payment.amount,
                    base_amount=payment.base_amount,
                )
            )
        ]
    )
    _allocate(payment, proposal, items, actor=actor)
    payment.allocated_amount = typed.amount - proposal.left_on_account
    return payment


def _require_same_rate(proposal: Proposal, rate: Decimal) -> None:
    """Realised exchange differences come with the foreign-currency payments; until then the rates must agree."""
    ids = [key for key, _ in proposal.allocations]
    if Invoice.objects.filter(pk__in=ids).exclude(exchange_rate=rate).exists():
        raise CurrencyDiffers(
            N_("Settle this invoice at its own exchange rate."), field="exchange_rate"
        )


def _allocate(
    payment: Payment, proposal: Proposal, items: Sequence[OpenItem], *, actor: Principal
) -> None:
    if not proposal.allocations:
        return
    issued = {item.id: item.issue_date for item in items}
    Allocation.objects.bulk_create(
        Allocation(
            payment_id=payment.pk,
            invoice_id=key,
            customer_id=payment.customer_id,
            currency=payment.currency,
            # not before the later of the two (accounting.md section 6)
            date=max(payment.date, issued[key]),
            amount=part,
            created_by_id=actor.user_id,
        )
        for key, part in proposal.allocations
    )
    announce_paid([key for key, _ in proposal.allocations])


def announce_paid(invoice_ids: Sequence[uuid.UUID]) -> None:
    """Send `invoice_paid` for those of the invoices that are now PAID."""
    paid = list(
        Invoice.objects.filter(pk__in=invoice_ids, status="paid").values_list("pk", flat=True)
    )
    if paid:
        invoice_paid.send(Invoice, invoice_ids=paid)


def payment_for_update(payment_id: uuid.UUID) -> Payment:
    """Return the payment, locked. Raises PaymentNotFound."""
    payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
    if payment is None:
        raise PaymentNotFound(N_("There is no such payment."))
    return payment


@write
def payment_allocate(
    *,
    payment_id: uuid.UUID,
    actor: Principal,
    strategy: str = Strategy.FIFO,
    allocations: tuple[tuple[uuid.UUID, Decimal], ...] = (),
) -> Payment:
    """Use the rest of a payment on open invoices."""
    require(actor, "payments.payment.create")
    payment = payment_for_update(payment_id)
    if payment.status == Payment.Status.VOID:
        raise PaymentVoid(N_("This payment was reversed."))
    rest = payment.amount - payment.allocated_amount
    items = open_items_locked(
        customer_id=payment.customer_id,
        currency=payment.currency,
        date=max(payment.date, dt.date(2100, 12, 31)),
        amount=rest,
        strategy=strategy,
        manual_ids=[key for key, _ in allocations],
    )
    proposal = propose(items, rest, strategy, allocations)
    _allocate(payment, proposal, items, actor=actor)
    payment.refresh_from_db()
    return payment


@write
def payment_void(
    *, payment_id: uuid.UUID, actor: Principal, date: dt.date | None = None
) -> Payment:
    """Reverse a payment (R6): allocations are undone by mirror rows, invoices reopen, the journal is mirrored."""
    require(actor, "payments.payment.void")
    payment = payment_for_update(payment_id)
    if payment.status == Payment.Status.VOID:
        raise PaymentVoid(N_("This payment was reversed."))
    rows = list(Allocation.objects.filter(payment_id=payment.pk))
    _lock_settled_invoices(rows)
    entry = JournalEntry.objects.get(
        source_kind="payments.payment", source_id=payment.pk, purpose="post"
    )
    journal_reverse(entry_id=entry.pk, date=date or payment.date)
    undone = {row.undoes_id for row in rows if row.undoes_id}
    Allocation.objects.bulk_create(
        Allocation(
            payment_id=row.payment_id,
            invoice_id=row.invoice_id,
            customer_id=row.customer_id,
            currency=row.currency,
            date=date or payment.date,
            amount=-row.amount,
            undoes_id=row.pk,
            created_by_id=actor.user_id,
        )
        for row in rows
        if row.undoes_id is None and row.pk not in undone
    )
    payment.refresh_from_db()
    payment.status = Payment.Status.VOID
    payment.version += 1
    payment.save(update_fields=["status", "version", "updated_at"])
    return payment


def _lock_settled_invoices(rows: Sequence[Allocation]) -> None:
    """Lock the invoices before the books, as every payment does: the other order would deadlock with it."""
    invoices = Invoice.objects.select_for_update().filter(pk__in={row.invoice_id for row in rows})
    if any(invoice.is_locked for invoice in invoices.order_by("pk")):
        raise InvoiceLocked(N_("This invoice is locked by an owner."))


def credit_note_settle(credit_note: CreditNote, invoice: Invoice, *, actor_id: int | None) -> None:
    """Set a posted credit note against its invoice, up to what is open on it."""
    amount = min(_open(credit_note), _open(invoice))
    if amount > 0:
        Allocation.objects.bulk_create(
            [
                Allocation(
                    credit_note_id=credit_note.pk,
                    invoice_id=invoice.pk,
                    customer_id=invoice.customer_id,
                    currency=invoice.currency,
                    date=credit_note.issue_date,
                    amount=amount,
                    created_by_id=actor_id,
                )
            ]
        )
