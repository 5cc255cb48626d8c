"""Matching a bank line: with what is booked, or by booking it. Each is one transaction; the line is locked first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import N_
from core.ids import uuid7
from core.money import ZERO
from core.transactions import write
from ledger.models import Account, JournalEntry, TaxCode
from ledger.posting import JournalDraft
from ledger.services.journal import journal_post
from ledger.services.rates import rate_on
from payments.bank.errors import (
    AccountRefused,
    BankLineNotFound,
    BookingReconciled,
    LineMatched,
    MatchDiffers,
)
from payments.bank.posting import (
    LinePosting,
    VatCode,
    post_settlement,
    post_suspense,
    post_to_account,
    post_transfer,
)
from payments.models import BankLine, BankMatch, BankMatchItem, PaymentAccount
from payments.selectors.bank_bookings import movements
from payments.services.registering import payment_register
from payments.typed import TypedPayment
from tenancy.permissions import require
from tenancy.principal import Principal

PERMISSION = "payments.bank.match"
#: The input VAT that card acquirers and banks charge.
FEE_TAX_CODE = "P15"


@dataclass(frozen=True, slots=True)
class Why:
    """What is kept of a proposal on its match."""

    score: int = 0
    reasons: tuple[dict[str, object], ...] = ()
    rule_id: uuid.UUID | None = None


def lines_for_update(
    line_ids: Iterable[uuid.UUID], accounts: Iterable[uuid.UUID] = ()
) -> dict[uuid.UUID, BankLine]:
    """Return lines without a match, locked after their payment accounts (and `accounts`), each by id.

    Whoever reconciles an account takes turns, so a booking is not taken twice. Raises BankLineNotFound, LineMatched.
    """
    wanted = list(line_ids)
    of_lines = BankLine.objects.filter(pk__in=wanted).values_list("payment_account_id", flat=True)
    list(
        PaymentAccount.objects.select_for_update(no_key=True)
        .filter(pk__in={*of_lines, *accounts})
        .order_by("pk")
    )
    lines = {
        line.pk: line
        for line in BankLine.objects.select_for_update(of=("self",))
        .select_related("payment_account")
        .filter(pk__in=wanted)
        .order_by("pk")
    }
    if any(key not in lines for key in wanted):
        raise BankLineNotFound(N_("There is no such bank line."))
    if any(line.is_matched for line in lines.values()):
        raise LineMatched(N_("This line is matched already."))
    return lines


def line_for_update(line_id: uuid.UUID, *accounts: uuid.UUID) -> BankLine:
    """Return one line, locked as `lines_for_update` says."""
    return lines_for_update([line_id], accounts)[line_id]


def _matched(
    line: BankLine,
    method: str,
    items: Sequence[tuple[uuid.UUID, uuid.UUID, Decimal]],
    *,
    actor: Principal,
    why: Why,
    match_id: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
    payment_id: uuid.UUID | None = None,
) -> BankMatch:
    """Write a match with its items (payment account, entry, amount)."""
    match = BankMatch(
        id=match_id or uuid7(),
        line_id=line.pk,
        method=method,
        entry_id=entry_id,
        payment_id=payment_id,
        rule_id=why.rule_id,
        score=why.score,
        reasons=list(why.reasons),
        created_by_id=actor.user_id,
    )
    BankMatch.objects.bulk_create([match])
    BankMatchItem.objects.bulk_create(
        BankMatchItem(match_id=match.pk, payment_account_id=account, entry_id=entry, amount=amount)
        for account, entry, amount in items
    )
    line.is_matched = True
    match.line = line
    return match


def _facts(line: BankLine, match_id: uuid.UUID, actor: Principal) -> LinePosting:
    return LinePosting(
        match_id=match_id,
        date=line.date,
        account_id=line.payment_account.account_id,
        amount=line.amount,
        currency=line.currency,
        rate=rate_on(currency=line.currency, base_currency=actor.currency, date=line.date),
        base_currency=actor.currency,
        number=line.bank_reference[:60],
        description=(line.narrative or line.party_name or line.reference)[:300],
    )


def _require_loose(account_id: uuid.UUID, entries: Sequence[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """Return what the entries move on the account, whose row is locked. Raises BookingReconciled."""
    wanted = list(dict.fromkeys(entries))
    moved = movements(account_id, wanted)
    taken = BankMatchItem.objects.filter(
        payment_account_id=account_id, entry_id__in=wanted, is_active=True
    ).exists()
    if taken:
        raise BookingReconciled(
            N_("This booking stands on a bank statement already."), field="entries"
        )
    if set(moved) != set(wanted) or not wanted:
        raise BookingReconciled(N_("This booking moves no money on this account."), field="entries")
    return moved


@write
def bank_line_match(
    *, line_id: uuid.UUID, entries: Sequence[uuid.UUID], actor: Principal, why: Why = Why()
) -> BankMatch:
    """Match a line with bookings that are there: payments, reversals, journals by hand. Posts nothing.

    Raises MatchDiffers unless they are the line's amount together, BookingReconciled, LineMatched.
    """
    require(actor, PERMISSION)
    line = line_for_update(line_id)
    moved = _require_loose(line.payment_account_id, entries)
    total = sum(moved.values(), ZERO)
    if total != line.amount:
        raise MatchDiffers(
            N_("The bookings are %(total)s together, the line is %(amount)s."),
            field="entries",
            params={"total": total, "amount": line.amount},
        )
    items = [(line.payment_account_id, entry, amount) for entry, amount in moved.items()]
    return _matched(line, BankMatch.Method.BOOKED, items, actor=actor, why=why)


@write
def bank_line_pay(
    *,
    line_id: uuid.UUID,
    party_kind: str,
    party_id: uuid.UUID,
    allocations: Sequence[tuple[uuid.UUID, Decimal]] = (),
    actor: Principal,
    strategy: str = "",
    why: Why = Why(),
) -> BankMatch:
    """Register the payment that a line is, settle the named documents (else by strategy), and match it."""
    require(actor, PERMISSION)
    line = line_for_update(line_id)
    payment = payment_register(
        typed=TypedPayment(
            direction="in" if line.amount > 0 else "out",
            customer_id=party_id if party_kind == "customer" else None,
            supplier_id=party_id if party_kind == "supplier" else None,
            payment_account_id=line.payment_account_id,
            amount=abs(line.amount),
            date=line.date,
            strategy="manual" if allocations else (strategy or "fifo"),
            allocations=tuple(allocations),
            currency=line.currency,
            reference=(line.reference or line.bank_reference)[:120],
            notes=line.narrative[:2000],
        ),
        actor=actor,
    )
    entry = JournalEntry.objects.get(
        source_kind="payments.payment", source_id=payment.pk, purpose="post"
    )
    return _matched(
        line,
        BankMatch.Method.PAYMENT,
        [(line.payment_account_id, entry.pk, line.amount)],
        actor=actor,
        why=why,
        payment_id=payment.pk,
    )


def _posted(
    line: BankLine,
    method: str,
    draft: JournalDraft,
    *,
    actor: Principal,
    why: Why,
    more: Sequence[tuple[uuid.UUID, uuid.UUID, Decimal]] = (),
    clearing: tuple[uuid.UUID, Decimal] | None = None,
) -> BankMatch:
    """Post what a line is and match it; `clearing`: what the entry takes from another payment account."""
    (entry_id,) = journal_post([draft])
    items = [(line.payment_account_id, entry_id, line.amount), *more]
    if clearing is not None:
        items.append((clearing[0], entry_id, -clearing[1]))
    return _matched(
        line, method, items, actor=actor, why=why, match_id=draft.source_id, entry_id=entry_id
    )


def vat_code(code: str) -> VatCode | None:
    """Return a VAT code for splitting; None for none. Raises AccountRefused when it is unknown."""
    if not code:
        return None
    found = TaxCode.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise AccountRefused(
            N_("There is no such VAT code."), code="unknown_tax_code", field="tax_code"
        )
    return VatCode(found.code, found.rate, found.vat_account_role, found.counter_account_role)


def account_for_lines(account_id: uuid.UUID) -> Account:
    """Return an account that takes bank lines. Raises AccountRefused for headings and control accounts."""
    account = Account.objects.filter(pk=account_id, is_active=True, is_posting=True).first()
    if account is None:
        raise AccountRefused(N_("Choose an account that accepts postings."), field="account")
    if account.subledger:
        raise AccountRefused(
            N_("%(account)s is kept by its documents; a bank line is not posted to it."),
            field="account",
            params={"account": f"{account.code} {account.name}"},
        )
    return account


@write
def bank_line_post(
    *,
    line_id: uuid.UUID,
    account_id: uuid.UUID,
    tax_code: str = "",
    description: str = "",
    actor: Principal,
    why: Why = Why(),
) -> BankMatch:
    """Post a line to an account, its VAT apart: bank charges, interest, a tax payment (T2)."""
    require(actor, PERMISSION)
    line = line_for_update(line_id)
    account = account_for_lines(account_id)
    if account.pk == line.payment_account.account_id:
        raise AccountRefused(N_("This is the account of the statement itself."), field="account")
    facts = _facts(line, uuid7(), actor)
    if description:
        facts = replace(facts, description=description)
    draft = post_to_account(facts, account_id=account.pk, vat=vat_code(tax_code))
    return _posted(line, BankMatch.Method.ACCOUNT, draft, actor=actor, why=why)


@write
def bank_line_suspend(*, line_id: uuid.UUID, actor: Principal, why: Why = Why()) -> BankMatch:
    """Book a line that nobody knows to the account of unidentified bank movements."""
    require(actor, PERMISSION)
    line = line_for_update(line_id)
    draft = post_suspense(_facts(line, uuid7(), actor))
    return _posted(line, BankMatch.Method.SUSPENSE, draft, actor=actor, why=why)


@write
def bank_line_transfer(
    *,
    line_id: uuid.UUID,
    payment_account_id: uuid.UUID,
    own_line_id: uuid.UUID | None = None,
    actor: Principal,
    why: Why = Why(),
) -> BankMatch:
    """Post a transfer to or from another own account; with the line there, both lines are matched."""
    require(actor, PERMISSION)
    locked = lines_for_update({line_id, own_line_id or line_id}, [payment_account_id])
    line = locked[line_id]
    other = PaymentAccount.objects.filter(pk=payment_account_id, is_active=True).first()
    if (
        other is None
        or other.pk == line.payment_account_id
        or other.account_id == line.payment_account.account_id
    ):
        raise AccountRefused(N_("Choose another payment account."), field="payment_account")
    if other.currency != line.currency:
        raise AccountRefused(
            N_("A transfer between currencies is posted as a journal by hand."),
            field="payment_account",
        )
    draft = post_transfer(_facts(line, uuid7(), actor), other_account_id=other.account_id)
    match = _posted(line, BankMatch.Method.TRANSFER, draft, actor=actor, why=why)
    if own_line_id is not None:
        own = locked[own_line_id]
        if own.payment_account_id != other.pk or own.amount != -line.amount:
            raise MatchDiffers(N_("The two lines are not one transfer."), field="own_line")
        assert match.entry_id is not None
        _matched(
            own,
            BankMatch.Method.TRANSFER,
            [(own.payment_account_id, match.entry_id, own.amount)],
            actor=actor,
            why=why,
        )
    return match


@write
def bank_line_settle(
    *,
    line_id: uuid.UUID,
    entries: Sequence[uuid.UUID],
    payment_account_id: uuid.UUID,
    tax_code: str = FEE_TAX_CODE,
    actor: Principal,
    why: Why = Why(),
) -> BankMatch:
    """R3: the bank pays out card receipts less its fee. D bank, D card fees, D input VAT, C clearing; receipts are settled."""
    require(actor, PERMISSION)
    line = line_for_update(line_id, payment_account_id)
    clearing = PaymentAccount.objects.filter(pk=payment_account_id, is_active=True).first()
    if clearing is None or clearing.kind != PaymentAccount.Kind.CARD:
        raise AccountRefused(N_("Choose a card account."), field="payment_account")
    if clearing.currency != line.currency:
        raise AccountRefused(
            N_("The card account is in another currency."), field="payment_account"
        )
    moved = _require_loose(clearing.pk, entries)
    gross = sum(moved.values(), ZERO)
    draft = post_settlement(
        _facts(line, uuid7(), actor),
        clearing_account_id=clearing.account_id,
        gross=gross,
        vat=vat_code(tax_code),
    )
    return _posted(
        line,
        BankMatch.Method.SETTLEMENT,
        draft,
        actor=actor,
        why=why,
        more=[(clearing.pk, entry, amount) for entry, amount in moved.items()],
        clearing=(clearing.pk, gross),
    )
