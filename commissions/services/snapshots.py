"""Commission snapshots: stored when an invoice becomes PAID, approved by an owner (RR-5, RR-6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ar.models import Invoice
from ar.services.building import DEFAULT_COMMISSION_PERCENT
from commissions.compute import CommissionAmounts, CommissionSummary, commission_amounts, summarise
from commissions.errors import SnapshotNotFound, SnapshotState
from commissions.models import CommissionSnapshot
from commissions.posting import EarnedFacts, post_earned
from commissions.services.adjustments import Cause, booked_of, commissions_adjust, members_of
from core.dates import local_today
from core.errors import N_
from core.transactions import write
from ledger.services.journal import journal_post
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.permissions import require
from tenancy.principal import Principal


def snapshots_store(invoice_ids: Sequence[uuid.UUID]) -> None:
    """Store the commissions of invoices that became PAID; one that exists is brought to what is earned now.

    Three statements when none exists.
    """
    own = CommissionSnapshot.objects.filter(
        invoice_id=OuterRef("pk"), salesperson_id=OuterRef("salesperson_id")
    )
    paid = list(
        Invoice.objects.filter(pk__in=invoice_ids, salesperson__isnull=False).annotate(
            has_snapshot=Exists(own)
        )
    )
    again = [invoice.pk for invoice in paid if invoice.has_snapshot]
    if again:
        commissions_adjust(invoice_ids=again, cause=Cause.PAID_AGAIN)
    invoices = [i for i in paid if not i.has_snapshot and i.commission_base >= 0]
    if not invoices:
        return
    company = Company.objects.get(pk=current_company_id())
    rows = []
    for invoice in invoices:
        percent = invoice.commission_percent
        amounts = commission_amounts(
            invoice.commission_base,
            DEFAULT_COMMISSION_PERCENT if percent is None else percent,
            company.commission_tax_percent,
            company.currency,
        )
        rows.append(
            CommissionSnapshot(
                invoice_id=invoice.pk,
                salesperson_id=invoice.salesperson_id,
                base_amount=amounts.base,
                percent=amounts.percent,
                commission_amount=amounts.commission,
                tax_percent=amounts.tax_percent,
                tax_amount=amounts.tax,
                net_amount=amounts.net,
                currency=company.currency,
                rule=company.commission_base,
                paid_at=invoice.paid_at or timezone.now(),
            )
        )
    CommissionSnapshot.objects.bulk_create(rows, ignore_conflicts=True)


@write
def snapshot_approve(
    *, snapshot_id: uuid.UUID, actor: Principal, date: dt.date | None = None
) -> CommissionSnapshot:
    """Approve a pending commission: its journal C1 over the snapshot and what was adjusted since, dated `date`.

    From then on its invoice keeps its salesperson. Raises SnapshotNotFound, SnapshotState.
    """
    require(actor, "commissions.snapshot.approve")
    snapshot: CommissionSnapshot | None = (
        CommissionSnapshot.objects.select_for_update().filter(pk=snapshot_id).first()
    )
    if snapshot is None:
        raise SnapshotNotFound(N_("There is no such commission."))
    if snapshot.status != CommissionSnapshot.Status.PENDING:
        raise SnapshotState(N_("Only a pending commission is approved."))
    booked = booked_of([snapshot])[snapshot.pk]
    draft = post_earned(
        EarnedFacts(
            source_kind="commissions.snapshot",
            source_id=snapshot.pk,
            purpose="approve",
            number=Invoice.objects.values_list("number", flat=True).get(pk=snapshot.invoice_id),
            date=date or local_today(),
            member_id=members_of([snapshot.salesperson_id])[snapshot.salesperson_id],
            commission=booked.commission,
            tax=booked.tax,
            currency=snapshot.currency,
        )
    )
    if draft is not None:
        journal_post([draft])
    snapshot.status = CommissionSnapshot.Status.APPROVED
    snapshot.save(update_fields=["status"])
    return snapshot


def summary_of(rows: Sequence[CommissionSnapshot]) -> CommissionSummary:
    """Return the batch summary of snapshots (RR-8)."""
    return summarise(
        CommissionAmounts(
            row.base_amount,
            row.percent,
            row.commission_amount,
            row.tax_percent,
            row.tax_amount,
            row.net_amount,
        )
        for row in rows
    )
