"""Pay approved commissions out (accounting.md sections 4 and 7: C2)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from commissions.errors import NothingToPay
from commissions.models import CommissionAdjustment, CommissionPayout, CommissionSnapshot
from commissions.posting import PayoutFacts, post_payout
from commissions.services.adjustments import members_of
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO
from core.transactions import write
from documents.services.drafting import actor_branch
from documents.services.numbering import format_number, numbers_take
from ledger.services.journal import journal_post
from payments.errors import UnknownPaymentAccount
from payments.models import PaymentAccount
from tenancy.permissions import require
from tenancy.principal import Principal

Status = CommissionSnapshot.Status


class UnknownSalesperson(DomainError):
    """A payout is for somebody who works, or worked, for the company."""

    code = "unknown_salesperson"


def _unpaid(
    salesperson_id: int, until: dt.date
) -> tuple[list[CommissionSnapshot], list[CommissionAdjustment]]:
    """Lock and return what is approved and in no payout yet, up to a day; two statements."""
    snapshots = list(
        CommissionSnapshot.objects.select_for_update()
        .filter(
            salesperson_id=salesperson_id,
            status=Status.APPROVED,
            payout=None,
            paid_at__date__lte=until,
        )
        .order_by("pk")
    )
    adjustments = list(
        CommissionAdjustment.objects.select_for_update(of=("self",))
        .filter(
            snapshot__salesperson_id=salesperson_id,
            snapshot__status__in=(Status.APPROVED, Status.PAID),
            payout=None,
            date__lte=until,
        )
        .order_by("pk")
    )
    mine = {snapshot.pk for snapshot in snapshots}
    # a correction is paid with its commission or after it, never before
    paid = set(
        CommissionSnapshot.objects.filter(
            pk__in=[row.snapshot_id for row in adjustments], status=Status.PAID
        ).values_list("pk", flat=True)
    )
    return snapshots, [row for row in adjustments if row.snapshot_id in mine | paid]


def _account(payment_account_id: uuid.UUID, currency: str) -> PaymentAccount:
    account = PaymentAccount.objects.filter(pk=payment_account_id, is_active=True).first()
    if account is None:
        raise UnknownPaymentAccount(
            N_("There is no such payment account."), field="payment_account"
        )
    if account.currency != currency:
        raise UnknownPaymentAccount(
            N_("Commissions are paid from an account in the company's currency."),
            field="payment_account",
        )
    return account


@write
def payout_create(
    *,
    salesperson_id: int,
    until: dt.date,
    date: dt.date,
    payment_account_id: uuid.UUID,
    actor: Principal,
    reference: str = "",
) -> CommissionPayout:
    """Pay one salesperson everything approved up to a day, less what was taken back; never a negative payout.

    Raises NothingToPay, UnknownSalesperson, UnknownPaymentAccount. Constant statements.
    """
    require(actor, "commissions.payout.create")
    account = _account(payment_account_id, actor.currency)
    member_id = members_of([salesperson_id]).get(salesperson_id)
    if member_id is None:
        raise UnknownSalesperson(
            N_("The salesperson is no member of the company."), field="salesperson"
        )
    snapshots, adjustments = _unpaid(salesperson_id, until)
    amount = sum(
        [row.net_amount for row in snapshots] + [row.net_amount for row in adjustments], ZERO
    )
    if amount <= 0:
        raise NothingToPay(N_("There is nothing to pay to this salesperson up to this day."))
    branch_id = actor_branch(actor)
    series, (number,) = numbers_take(
        branch_id=branch_id, kind="commissions.payout", prefix="COM", year=date.year
    )
    payout = CommissionPayout(
        id=uuid7(),
        number=format_number(series, number),
        series=series,
        sequence_number=number,
        salesperson_id=salesperson_id,
        date=date,
        until=until,
        payment_account_id=account.pk,
        currency=actor.currency,
        amount=amount,
        row_count=len(snapshots) + len(adjustments),
        reference=reference,
        created_by_id=actor.user_id,
    )
    CommissionPayout.objects.bulk_create([payout])
    journal_post(
        [
            post_payout(
                PayoutFacts(
                    payout_id=payout.pk,
                    number=payout.number,
                    date=date,
                    member_id=member_id,
                    account_id=account.account_id,
                    amount=amount,
                    currency=actor.currency,
                )
            )
        ]
    )
    _mark(payout, snapshots, adjustments)
    return payout


def _mark(
    payout: CommissionPayout,
    snapshots: Sequence[CommissionSnapshot],
    adjustments: Sequence[CommissionAdjustment],
) -> None:
    CommissionSnapshot.objects.filter(pk__in=[row.pk for row in snapshots]).update(
        payout=payout, status=Status.PAID
    )
    CommissionAdjustment.objects.filter(pk__in=[row.pk for row in adjustments]).update(
        payout=payout
    )
