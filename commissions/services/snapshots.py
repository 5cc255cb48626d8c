"""Commission snapshots: stored when an invoice becomes PAID, approved by an owner (RR-5, RR-6)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils import timezone

from ar.models import Invoice
from ar.services.building import DEFAULT_COMMISSION_PERCENT
from commissions.compute import CommissionAmounts, CommissionSummary, commission_amounts, summarise
from commissions.models import CommissionSnapshot
from core.errors import N_, DomainError
from core.transactions import write
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.permissions import require
from tenancy.principal import Principal


class SnapshotState(DomainError):
    """Only a pending commission is approved."""

    code = "commission_state"
    status = 409


def snapshots_store(invoice_ids: Sequence[uuid.UUID]) -> None:
    """Store the commissions of invoices that became PAID; one that exists stays as it is. Three statements."""
    invoices = [
        invoice
        for invoice in Invoice.objects.filter(pk__in=invoice_ids, salesperson__isnull=False)
        if invoice.commission_base >= 0
    ]
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
def snapshot_approve(*, snapshot_id: uuid.UUID, actor: Principal) -> CommissionSnapshot:
    """Approve a pending commission; from then on its invoice keeps its salesperson."""
    require(actor, "commissions.snapshot.approve")
    snapshot: CommissionSnapshot = CommissionSnapshot.objects.select_for_update().get(
        pk=snapshot_id
    )
    if snapshot.status != CommissionSnapshot.Status.PENDING:
        raise SnapshotState(N_("Only a pending commission is approved."))
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
