"""Money in and out: register a payment and settle with it (SP-5)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from ap.models import Supplier
from ar.models import Customer
from ar.services.building import actor_branch
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO, product, quantize
from core.transactions import write
from documents.errors import UnknownParty
from documents.services.numbering import format_number, numbers_take
from ledger.services.journal import journal_post
from ledger.services.rates import rate_on
from payments.errors import UnknownPaymentAccount
from payments.models import Payment, PaymentAccount
from payments.posting import MoneyFacts, Party, allocation_moves, post_money
from payments.services.choosing import sources_for, targets_for
from payments.services.differences import differences_require
from payments.services.writing import allocations_write, announce, differences_post
from payments.settlement import Item, Settled, settle_all, settle_by_all
from payments.sides import side_of
from payments.typed import TypedPayment, parts_of
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.permissions import require
from tenancy.principal import Principal
from tenancy.rows import rows_insert
from tenancy.statements import Statement, slot

#: Models of the parties.
PARTIES: dict[str, type[models.Model]] = {"customer": Customer, "supplier": Supplier}


def _account_and(party: type[models.Model]) -> Statement[tuple[str, uuid.UUID, bool]]:
    """Return what reads currency and ledger account of an active payment account, and whether there is such a party."""
    of_company: models.QuerySet[Any] = models.QuerySet(party)
    known = of_company.filter(company_id=models.OuterRef("company_id"), pk=slot("party"))
    return Statement(
        PaymentAccount,
        lambda rows: rows.filter(pk=slot("account"), is_active=True).values_list(
            "currency", "account_id", models.Exists(known)
        ),
    )


_GROUND = {name: _account_and(party) for name, party in PARTIES.items()}

#: Number series by direction.
SERIES = {"in": ("payments.payment", "REC"), "out": ("payments.payment_out", "PAY")}


class Registered(NamedTuple):
    """A payment, and what it settled at once with the keys of the allocations."""

    payment: Payment
    settled: list[tuple[uuid.UUID, Settled]]


def payment_register(*, typed: TypedPayment, actor: Principal) -> Payment:
    """Register money as `payment_settle_new`; returns the payment alone."""
    return payment_settle_new(typed=typed, actor=actor).payment


@write
def payment_settle_new(*, typed: TypedPayment, actor: Principal) -> Registered:
    """Register money received or paid and settle with it; what is left stays on account.

    Never settles more than is open, under concurrency too: rows are locked, and the database bounds the sums.
    Exchange differences, discounts and small differences are booked in the payment's own journal entry (R2).
    Raises OverAllocated, UnknownOpenItem, UnknownPaymentAccount, UnknownParty, RateMissing, DifferenceTooLarge.
    """
    require(actor, "payments.payment.create" if typed.direction == "in" else "payments.payment.pay")
    side = "supplier" if typed.customer_id is None else "customer"
    ground = _GROUND[side].first(
        account=typed.payment_account_id, party=typed.customer_id or typed.supplier_id
    )
    if ground is None:
        raise UnknownPaymentAccount(
            N_("There is no such payment account."), field="payment_account"
        )
    account_currency, account_id, is_known = ground
    currency = typed.currency or account_currency
    _require_amounts(typed, currency)
    party = _party(typed, is_known=is_known)
    facts = _facts(typed, party, account_id, currency, actor)
    rows = _settled(typed, facts, actor)
    differences_require(rows, actor=actor)
    payment = _insert(typed, facts, rows, actor)
    together = [row for row in rows if row.date == facts.date]
    moves = allocation_moves(
        together, party, base_currency=actor.currency, is_advance=facts.is_advance
    )
    journal_post([post_money(_numbered(facts, payment), moves)])
    ids = allocations_write(rows, party, actor_id=actor.user_id, with_payment=facts.date)
    settled = list(zip(ids, rows, strict=True))
    later = [(key, row) for key, row in settled if row.date != facts.date]
    differences_post(
        [row for _, row in later],
        [key for key, _ in later],
        party,
        base_currency=actor.currency,
        is_advance=facts.is_advance,
    )
    announce(rows)
    _count_refunded(payment, rows)
    return Registered(payment, settled)


def _require_amounts(typed: TypedPayment, currency: str) -> None:
    if quantize(typed.amount, currency) != typed.amount or typed.amount <= 0:
        raise DomainError(
            N_("Enter an amount greater than zero, in whole minor units."),
            code="wrong_amount",
            field="amount",
        )
    tax = typed.withholding_tax
    if quantize(tax, currency) != tax or tax < 0:
        raise DomainError(
            N_("Enter an amount in whole minor units."),
            code="wrong_amount",
            field="withholding_tax",
        )
    if tax and (typed.direction != "out" or typed.supplier_id is None):
        raise DomainError(
            N_("Tax is withheld from payments to suppliers only."),
            code="wrong_amount",
            field="withholding_tax",
        )


def _party(typed: TypedPayment, *, is_known: bool) -> Party:
    """Return the one party of the payment; an inactive one still settles what is owed."""
    if typed.direction not in ("in", "out"):
        raise DomainError(N_("Money comes in or goes out."), field="direction")
    if (typed.customer_id is None) == (typed.supplier_id is None):
        raise UnknownParty(N_("A payment has a customer or a supplier."), field="customer")
    if typed.customer_id is not None:
        if not is_known:
            raise UnknownParty(N_("There is no such customer."), field="customer")
        return Party(side_of("customer"), typed.customer_id)
    assert typed.supplier_id is not None
    if not is_known:
        raise UnknownParty(N_("There is no such supplier."), field="supplier")
    return Party(side_of("supplier"), typed.supplier_id)


def _rate(typed: TypedPayment, currency: str, actor: Principal) -> Decimal:
    rate = typed.exchange_rate
    if rate is None:
        return rate_on(currency=currency, base_currency=actor.currency, date=typed.date)
    if not rate.is_finite() or rate <= 0 or (currency == actor.currency and rate != 1):
        raise DomainError(
            N_("This is no exchange rate of %(currency)s."),
            code="wrong_rate",
            field="exchange_rate",
            params={"currency": currency},
        )
    return rate


def _facts(
    typed: TypedPayment, party: Party, account_id: uuid.UUID, currency: str, actor: Principal
) -> MoneyFacts:
    rate = _rate(typed, currency, actor)
    base = product(typed.amount, rate, actor.currency)
    withheld = (
        product(typed.amount + typed.withholding_tax, rate, actor.currency) - base
        if typed.withholding_tax
        else Decimal(0)
    )
    advance = typed.direction == "out" and party.side.party == "supplier"
    if advance:
        advance = (
            typed.is_advance
            if typed.is_advance is not None
            else Company.objects.values_list("supplier_advances", flat=True).get(
                pk=current_company_id()
            )
        )
    return MoneyFacts(
        payment_id=uuid7(),
        number="",
        date=typed.date,
        direction=typed.direction,
        account_id=account_id,
        party=party,
        currency=currency,
        rate=rate,
        amount=typed.amount,
        base_amount=base,
        withholding=typed.withholding_tax,
        base_withholding=withheld,
        is_advance=advance,
    )


def _settled(typed: TypedPayment, facts: MoneyFacts, actor: Principal) -> list[Settled]:
    """Return what the payment settles, its documents locked."""
    money = Item(
        kind="refund" if facts.is_refund else "payment",
        id=facts.payment_id,
        number="",
        date=facts.date,
        due_date=facts.date,
        currency=facts.currency,
        rate=facts.rate,
        open_amount=facts.amount + facts.withholding,
        carrying=facts.base_amount + facts.base_withholding,
    )
    parts = parts_of(typed.allocations)
    if facts.is_refund:
        sources = sources_for(facts.party, money, strategy=typed.strategy, parts=parts)
        return settle_by_all(sources, money, base_currency=actor.currency)
    targets = targets_for(
        facts.party, money, strategy=typed.strategy, parts=parts, until=facts.date
    )
    return settle_all(money, targets, base_currency=actor.currency)


def _insert(
    typed: TypedPayment, facts: MoneyFacts, rows: list[Settled], actor: Principal
) -> Payment:
    """Insert the payment with the sums of what it settles; the database compares them at commit."""
    branch_id = actor_branch(actor)
    kind, prefix = SERIES[facts.direction]
    series, (number,) = numbers_take(
        branch_id=branch_id, kind=kind, prefix=prefix, year=facts.date.year
    )
    payment = Payment(
        id=facts.payment_id,
        branch_id=branch_id,
        number=format_number(series, number),
        series=series,
        sequence_number=number,
        direction=facts.direction,
        customer_id=typed.customer_id,
        supplier_id=typed.supplier_id,
        payment_account_id=typed.payment_account_id,
        date=facts.date,
        currency=facts.currency,
        exchange_rate=facts.rate,
        amount=facts.amount,
        base_amount=facts.base_amount,
        withholding_tax=facts.withholding,
        base_withholding=facts.base_withholding,
        is_advance=facts.is_advance,
        reference=typed.reference,
        notes=typed.notes,
        created_by_id=actor.user_id,
    )
    if not facts.is_refund:
        payment.allocated_amount = sum((row.source_amount for row in rows), ZERO)
        payment.allocated_base = sum((row.source_base for row in rows), ZERO)
    rows_insert([payment])
    return payment


def _numbered(facts: MoneyFacts, payment: Payment) -> MoneyFacts:
    return MoneyFacts(
        payment_id=facts.payment_id,
        number=payment.number,
        date=facts.date,
        direction=facts.direction,
        account_id=facts.account_id,
        party=facts.party,
        currency=facts.currency,
        rate=facts.rate,
        amount=facts.amount,
        base_amount=facts.base_amount,
        withholding=facts.withholding,
        base_withholding=facts.base_withholding,
        is_advance=facts.is_advance,
    )


def _count_refunded(payment: Payment, rows: list[Settled]) -> None:
    """Show on a refund what the triggers stored."""
    for row in rows:
        if row.target.id == payment.pk:
            payment.allocated_amount += row.amount
            payment.allocated_base += row.base_amount
