"""Commissions of a list, what they come to now, and their batch summary (RR-8)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from commissions.compute import CommissionSummary
from commissions.models import CommissionAdjustment, CommissionPayout, CommissionSnapshot
from core.fields import AmountField
from core.money import ZERO, quantize_digits


@dataclass(frozen=True, slots=True)
class CommissionFilter:
    """`salesperson_id` None: everybody."""

    salesperson_id: int | None = None
    status: str = ""


def with_current_amounts(rows: QuerySet[CommissionSnapshot]) -> QuerySet[CommissionSnapshot]:
    """Add `current_commission` and `current_net`: the snapshot with its adjustments."""

    def adjusted(column: str) -> Subquery:
        sums = (
            CommissionAdjustment.objects.filter(
                company_id=OuterRef("company_id"), snapshot_id=OuterRef("pk")
            )
            .order_by()
            .values("snapshot_id")
            .annotate(sum=Sum(column))
            .values("sum")
        )
        return Subquery(sums, output_field=AmountField())

    return rows.annotate(
        current_commission=F("commission_amount")
        + Coalesce(adjusted("commission_amount"), Decimal(0), output_field=AmountField()),
        current_net=F("net_amount")
        + Coalesce(adjusted("net_amount"), Decimal(0), output_field=AmountField()),
    )


def snapshots_found(wanted: CommissionFilter) -> QuerySet[CommissionSnapshot]:
    """Return commissions with invoice, salesperson and adjustments, the newest first. Two statements."""
    rows: QuerySet[CommissionSnapshot] = CommissionSnapshot.objects.select_related(
        "invoice", "invoice__customer", "salesperson"
    ).prefetch_related(Prefetch("adjustments", CommissionAdjustment.objects.order_by("date", "id")))
    if wanted.salesperson_id is not None:
        rows = rows.filter(salesperson_id=wanted.salesperson_id)
    if wanted.status in CommissionSnapshot.Status.values:
        rows = rows.filter(status=wanted.status)
    return with_current_amounts(rows).order_by("-paid_at", "-id")


def snapshots_summary(rows: QuerySet[CommissionSnapshot]) -> CommissionSummary:
    """Return totals and average percent (commission / base x 100) of all rows as stored. One statement."""
    sums = rows.order_by().aggregate(
        count=Count("pk"),
        base=Sum("base_amount"),
        commission=Sum("commission_amount"),
        tax=Sum("tax_amount"),
        net=Sum("net_amount"),
    )
    base, commission = sums["base"] or ZERO, sums["commission"] or ZERO
    average = quantize_digits(commission * 100 / base, 4) if base else ZERO
    return CommissionSummary(
        sums["count"], base, commission, sums["tax"] or ZERO, sums["net"] or ZERO, average
    )


def current_net(rows: QuerySet[CommissionSnapshot]) -> Decimal:
    """Return what the rows come to with their adjustments. One statement."""
    total: Decimal | None = rows.order_by().aggregate(sum=Sum("current_net"))["sum"]
    return total or ZERO


def pending_of(user_id: int) -> CommissionSummary:
    """Return the pending commissions of one person with their totals."""
    return snapshots_summary(
        snapshots_found(CommissionFilter(user_id, CommissionSnapshot.Status.PENDING))
    )


def snapshots_of_invoice(
    invoice_id: uuid.UUID, *, salesperson_id: int | None
) -> QuerySet[CommissionSnapshot]:
    """Return the commissions of one invoice; of one person when named."""
    return snapshots_found(CommissionFilter(salesperson_id)).filter(invoice_id=invoice_id)


@dataclass(frozen=True, slots=True)
class Payable:
    """What could be paid to a salesperson now, in base currency; negative: taken back, waits for the next payout."""

    salesperson_id: int
    name: str
    amount: Decimal


def payable_by_salesperson() -> list[Payable]:
    """Return what is approved and in no payout, by salesperson. Two statements."""
    sums: dict[int, tuple[str, Decimal]] = {}
    approved = CommissionSnapshot.objects.filter(
        status=CommissionSnapshot.Status.APPROVED, payout=None
    ).values_list("salesperson_id", "salesperson__full_name")
    adjusted = CommissionAdjustment.objects.filter(
        payout=None,
        snapshot__status__in=(
            CommissionSnapshot.Status.APPROVED,
            CommissionSnapshot.Status.PAID,
        ),
    ).values_list("snapshot__salesperson_id", "snapshot__salesperson__full_name")
    for rows in (approved, adjusted):
        for user_id, name, net in rows.order_by().annotate(net=Sum("net_amount")):
            sums[user_id] = (name, sums.get(user_id, (name, ZERO))[1] + net)
    found = [Payable(user_id, name, net) for user_id, (name, net) in sums.items() if net]
    return sorted(found, key=lambda one: one.name)


def payouts_found(salesperson_id: int | None) -> QuerySet[CommissionPayout]:
    """Return payouts, the newest first; of one person when named."""
    rows: QuerySet[CommissionPayout] = CommissionPayout.objects.select_related(
        "salesperson", "payment_account"
    )
    if salesperson_id is not None:
        rows = rows.filter(salesperson_id=salesperson_id)
    return rows.order_by("-date", "-id")
