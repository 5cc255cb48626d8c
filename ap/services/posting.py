"""Posting: from here on a bill or supplier credit is history (design 6)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from ap.document_types import BILL
from ap.models import Bill, BillLine, PrepaidPart, Supplier
from ap.parties import supplier_snapshot
from ap.posting import post_bill
from ap.prepaid import months_of
from ap.services.bills import bill_build
from ap.services.building import purchase_facts, supplier_for
from ap.signals import bill_paid, bill_posted
from ap.typed import TypedBill
from core.ids import uuid7
from core.timing import phase
from core.transactions import write
from documents.lifecycle import Status
from documents.parties import company_block
from documents.services.posting import (
    mark_posted,
    number_take,
    posted_insert,
    posted_update,
    posting_open,
)
from inventory.services.lines import TaxInfo, tax_table
from ledger.services.journal import journal_post
from tenancy.permissions import require
from tenancy.principal import Principal

#: Columns that posting writes on a bill, besides those of every document.
OWN_FIELDS = ("paid_at",)


def _finish_posting(
    bill: Bill,
    lines: Sequence[BillLine],
    supplier: Supplier,
    actor: Principal,
    tax_codes: dict[str, TaxInfo],
) -> list[PrepaidPart]:
    """Number, journal, snapshots and state on a bill that is about to be saved; returns its prepaid months, unsaved."""
    number_take(BILL, bill)
    with phase("journal"):
        facts = purchase_facts(
            bill,
            lines,
            source_kind=BILL.kind,
            base_currency=actor.currency,
            tax_codes=tax_codes,
            opening=bill.kind == Bill.Kind.OPENING,
        )
        posted = post_bill(facts)
        if posted.draft is not None:
            journal_post([posted.draft])
    mark_posted(
        bill,
        base_total=posted.total,
        base_tax=posted.tax,
        seller=supplier_snapshot(supplier),
        buyer=company_block(actor.company),
        actor=actor,
    )
    bill.paid_at = None if bill.total else bill.posted_at
    return [
        PrepaidPart(
            id=uuid7(),
            bill_id=bill.pk,
            line_id=line.pk,
            position=position,
            date=date,
            currency=actor.currency,
            amount=amount,
            prepaid_account_id=line.prepaid_account_id,
            expense_account_id=line.account_id,
        )
        for line in lines
        if line.prepaid_months
        and line.prepaid_start
        and line.prepaid_account_id
        and line.account_id
        for position, (date, amount) in enumerate(
            months_of(
                posted.waiting[line.pk],
                start=line.prepaid_start,
                months=line.prepaid_months,
                currency=actor.currency,
            ),
            start=1,
        )
    ]


def _announce(bill: Bill) -> None:
    bill_posted.send(Bill, bill=bill)
    if bill.status == Status.PAID:
        bill_paid.send(Bill, bill_ids=[bill.pk])


@write
def bill_post(*, bill_id: uuid.UUID, actor: Principal, version: int | None = None) -> Bill:
    """Post a draft: number, balanced journal, frozen totals and parties, prepaid months, state. Constant statements."""
    bill, lines = posting_open(BILL, document_id=bill_id, actor=actor, version=version)
    supplier = supplier_for(bill.supplier_id)
    parts = _finish_posting(bill, lines, supplier, actor, tax_table("purchase")[0])
    posted_update(bill, OWN_FIELDS)
    PrepaidPart.objects.bulk_create(parts)
    _announce(bill)
    return bill


@write
def bill_create_posted(*, typed: TypedBill, actor: Principal) -> Bill:
    """Create and post in one go: nothing is written twice."""
    require(actor, "ap.bill.create")
    require(actor, "ap.bill.post")
    with phase("build"):
        taxes = tax_table("purchase")
        bill, lines, supplier = bill_build(typed, actor=actor, taxes=taxes)
    parts = _finish_posting(bill, lines, supplier, actor, taxes[0])
    posted_insert(BILL, bill, lines)
    PrepaidPart.objects.bulk_create(parts)
    _announce(bill)
    return bill
