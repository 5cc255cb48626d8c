"""What happens to a stored commission later: credit notes, bounced payments, payment again (accounting.md section 7).

Nothing in a snapshot changes; each event adds a row that brings the sum to what is earned now.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from ar.models import Invoice
from commissions.compute import CommissionAmounts, correction
from commissions.models import CommissionAdjustment, CommissionSnapshot
from commissions.posting import EarnedFacts, post_earned
from core.dates import local_today
from core.ids import uuid7
from core.money import ZERO
from core.transactions import write
from ledger.services.journal import journal_post
from tenancy.models import Membership

Cause = CommissionAdjustment.Cause
Status = CommissionSnapshot.Status


@dataclass(frozen=True, slots=True)
class Booked:
    """What a snapshot and its adjustments come to so far."""

    commission: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        return self.commission - self.tax


def booked_of(snapshots: Sequence[CommissionSnapshot]) -> dict[uuid.UUID, Booked]:
    """Return the sums of snapshots and their adjustments, by snapshot. One statement."""
    sums = {
        row["snapshot_id"]: (row["commission"], row["tax"])
        for row in CommissionAdjustment.objects.filter(snapshot_id__in=[s.pk for s in snapshots])
        .order_by()
        .values("snapshot_id")
        .annotate(commission=Sum("commission_amount"), tax=Sum("tax_amount"))
    }
    found = {}
    for snapshot in snapshots:
        commission, tax = sums.get(snapshot.pk, (ZERO, ZERO))
        found[snapshot.pk] = Booked(
            snapshot.commission_amount + commission, snapshot.tax_amount + tax
        )
    return found


def members_of(user_ids: Sequence[int]) -> dict[int, uuid.UUID]:
    """Return the memberships of salespeople, whom the ledger knows by them. One statement."""
    return dict(Membership.objects.filter(user_id__in=user_ids).values_list("user_id", "pk"))


def _correction_of(
    snapshot: CommissionSnapshot, invoice: Invoice, booked: Booked
) -> CommissionAmounts | None:
    """A paid invoice earns on its present base; one that is open again or void earns nothing."""
    base = max(invoice.commission_base, ZERO) if invoice.status == "paid" else ZERO
    return correction(
        base,
        snapshot.percent,
        snapshot.tax_percent,
        booked=booked.commission,
        booked_tax=booked.tax,
        currency=snapshot.currency,
    )


@write
def commissions_adjust(
    *,
    invoice_ids: Sequence[uuid.UUID],
    cause: str,
    date: dt.date | None = None,
    credit_note_id: uuid.UUID | None = None,
) -> list[CommissionAdjustment]:
    """Bring the commissions of these invoices to what is earned now; C4 or C1 for those that were approved.

    `date`: of the event, today when not given. Safe to repeat: what is right already gets no row. Four statements at
    most beside the journal's, however many invoices.
    """
    snapshots = list(
        CommissionSnapshot.objects.select_for_update()
        .filter(invoice_id__in=invoice_ids)
        .exclude(status=Status.CANCELLED)
        .order_by("pk")
    )
    if not snapshots:
        return []
    invoices = Invoice.objects.only(
        "id", "company_id", "number", "status", "commission_base"
    ).in_bulk([snapshot.invoice_id for snapshot in snapshots])
    booked = booked_of(snapshots)
    rows: list[tuple[CommissionSnapshot, CommissionAdjustment]] = []
    for snapshot in snapshots:
        change = _correction_of(snapshot, invoices[snapshot.invoice_id], booked[snapshot.pk])
        if change is not None:
            rows.append(
                (
                    snapshot,
                    CommissionAdjustment(
                        id=uuid7(),
                        snapshot_id=snapshot.pk,
                        cause=cause,
                        date=date or local_today(),
                        credit_note_id=credit_note_id,
                        commission_amount=change.commission,
                        tax_amount=change.tax,
                        net_amount=change.net,
                    ),
                )
            )
    CommissionAdjustment.objects.bulk_create([row for _, row in rows])
    _post(rows, {key: invoice.number for key, invoice in invoices.items()})
    return [row for _, row in rows]


def _post(
    rows: Sequence[tuple[CommissionSnapshot, CommissionAdjustment]], numbers: dict[uuid.UUID, str]
) -> None:
    """Write the journals of corrections to commissions that are in the books already."""
    approved = [pair for pair in rows if pair[0].status in (Status.APPROVED, Status.PAID)]
    if not approved:
        return
    members = members_of([snapshot.salesperson_id for snapshot, _ in approved])
    drafts = [
        post_earned(
            EarnedFacts(
                source_kind="commissions.adjustment",
                source_id=row.pk,
                purpose="post",
                number=numbers[snapshot.invoice_id],
                date=row.date,
                member_id=members[snapshot.salesperson_id],
                commission=row.commission_amount,
                tax=row.tax_amount,
                currency=snapshot.currency,
            )
        )
        for snapshot, row in approved
    ]
    journal_post([draft for draft in drafts if draft is not None])
