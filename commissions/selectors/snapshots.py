"""Commissions of a list, and their batch summary (RR-8)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from commissions.compute import CommissionSummary
from commissions.models import CommissionSnapshot
from core.money import ZERO, quantize_digits


@dataclass(frozen=True, slots=True)
class CommissionFilter:
    """`salesperson_id` None: everybody."""

    salesperson_id: int | None = None
    status: str = ""


def snapshots_found(wanted: CommissionFilter) -> QuerySet[CommissionSnapshot]:
    """Return commissions with invoice and salesperson, the newest first."""
    rows: QuerySet[CommissionSnapshot] = CommissionSnapshot.objects.select_related(
        "invoice", "invoice__customer", "salesperson"
    )
    if wanted.salesperson_id is not None:
        rows = rows.filter(salesperson_id=wanted.salesperson_id)
    if wanted.status in CommissionSnapshot.Status.values:
        rows = rows.filter(status=wanted.status)
    return rows.order_by("-paid_at", "-id")


def snapshots_summary(rows: QuerySet[CommissionSnapshot]) -> CommissionSummary:
    """Return totals and average percent (commission / base x 100) of all rows. One statement."""
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
