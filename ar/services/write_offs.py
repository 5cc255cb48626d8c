"""Bad debts: the rest of an invoice is given up (S12), and taken up again when the customer pays after all."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from ar.document_types import INVOICE
from ar.errors import NotOpen, ReliefUndone
from ar.models import Invoice, InvoiceLine, WriteOff
from ar.relief_posting import CodeShare, ReliefFacts, post_write_off, vat_inside
from ar.services.building import sale_facts
from ar.services.notes import commission_base_refresh
from ar.signals import invoice_relief_undone, invoice_relieved
from core.errors import N_, DomainError
from core.ids import uuid7
from core.money import ZERO, is_rounded
from core.transactions import write
from documents.carrying import relieved_base
from documents.errors import DocumentNotFound, TransitionRefused
from documents.lifecycle import OPEN
from documents.services.drafting import actor_branch
from documents.services.loading import document_for_update, require_unlocked
from documents.services.numbering import format_number, numbers_take
from inventory.services.lines import tax_table
from ledger.services.journal import journal_post, journal_reverse
from tenancy.permissions import require
from tenancy.principal import Principal

KIND, PREFIX = "ar.write_off", "WO"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedWriteOff:
    """A write-off as typed. `amount` in the invoice's currency, None for all that is open.

    VAT comes back only where the law grants relief (accounting.md section 14): never by itself, and with the reason.
    """

    invoice_id: uuid.UUID
    reason: str
    amount: Decimal | None = None
    date: dt.date | None = None
    against_allowance: bool = False
    vat_reason: str = ""


@write
def write_off_create(*, typed: TypedWriteOff, actor: Principal) -> WriteOff:
    """Write off what is open of an invoice, or a part of it; commission is no longer earned on that share.

    Raises TransitionRefused unless something is open, NotOpen for more than that, DocumentLocked.
    """
    invoice = document_for_update(INVOICE, typed.invoice_id)
    require(actor, "ar.write_off.create")
    require_unlocked(INVOICE, invoice)
    amount, date = _checked(invoice, typed)
    base_amount = carrying_of(invoice, amount, base_currency=actor.currency)
    shares = _vat_claimed(invoice, amount, typed, actor) if typed.vat_reason else ()
    series, (number,) = numbers_take(
        branch_id=actor_branch(actor), kind=KIND, prefix=PREFIX, year=date.year
    )
    row = WriteOff(
        id=uuid7(),
        branch_id=actor_branch(actor),
        number=format_number(series, number),
        series=series,
        sequence_number=number,
        invoice_id=invoice.pk,
        date=date,
        currency=invoice.currency,
        amount=amount,
        tax_amount=sum((share.tax for share in shares), ZERO),
        base_amount=base_amount,
        shares=[share.stored() for share in shares],
        against_allowance=typed.against_allowance,
        vat_relief=bool(typed.vat_reason),
        vat_reason=typed.vat_reason,
        reason=typed.reason,
        created_by_id=actor.user_id,
    )
    facts = ReliefFacts(
        source_kind=KIND,
        source_id=row.pk,
        number=row.number,
        date=date,
        party_id=invoice.customer_id,
        currency=invoice.currency,
        rate=invoice.exchange_rate,
        base_currency=actor.currency,
        amount=amount,
        base_amount=base_amount,
        shares=shares,
    )
    (row.entry_id,) = journal_post([post_write_off(facts, against_allowance=row.against_allowance)])
    WriteOff.objects.bulk_create([row])
    commission_base_refresh(invoice, base_currency=actor.currency)
    invoice_relieved.send(
        WriteOff,
        invoice=invoice,
        entry_id=row.entry_id,
        amount=amount,
        base_amount=base_amount,
        date=date,
    )
    return row


def open_of(invoice: Invoice) -> Decimal:
    """Return what is open now; the generated column is only as fresh as its last read."""
    return (invoice.total or ZERO) - invoice.allocated_amount


def carrying_of(invoice: Invoice, amount: Decimal, *, base_currency: str) -> Decimal:
    """Return what settling `amount` takes off the invoice in base currency."""
    return relieved_base(
        amount,
        open_amount=open_of(invoice),
        carrying=invoice.base_total - invoice.allocated_base,
        rate=invoice.exchange_rate,
        base_currency=base_currency,
    )


def relief_date(invoice: Invoice, typed: dt.date | None) -> dt.date:
    """Return the date typed, else today; never before the invoice. Raises DomainError at `date`."""
    if typed is None:
        return max(invoice.issue_date, timezone.localdate())
    if typed < invoice.issue_date:
        raise DomainError(
            N_("The date is not before the date of the invoice."), code="too_early", field="date"
        )
    return typed


def require_amount(invoice: Invoice, amount: Decimal) -> None:
    """Raise NotOpen at `amount` unless it is money of the invoice's currency, and no more than is open."""
    if amount <= 0 or not is_rounded(amount, invoice.currency):
        raise NotOpen(
            N_("Enter an amount greater than zero, in whole minor units."), field="amount"
        )
    if amount > open_of(invoice):
        raise NotOpen(
            N_("Only %(open)s of this invoice is open."),
            field="amount",
            params={"open": open_of(invoice)},
        )


def _checked(invoice: Invoice, typed: TypedWriteOff) -> tuple[Decimal, dt.date]:
    if invoice.status not in OPEN:
        raise TransitionRefused(N_("Only an invoice with something open is written off."))
    if invoice.kind == "prepayment":
        raise TransitionRefused(N_("A prepayment nobody pays is credited, not written off."))
    amount = open_of(invoice) if typed.amount is None else typed.amount
    require_amount(invoice, amount)
    return amount, relief_date(invoice, typed.date)


def _vat_claimed(
    invoice: Invoice, amount: Decimal, typed: TypedWriteOff, actor: Principal
) -> tuple[CodeShare, ...]:
    shares = vat_inside(
        sale_facts(
            invoice,
            list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position")),
            source_kind=INVOICE.kind,
            party_id=invoice.customer_id,
            base_currency=actor.currency,
            tax_codes=tax_table()[0],
        ),
        amount,
    )
    if not shares:
        raise DomainError(
            N_("There is no VAT in this amount to claim back."),
            code="no_vat",
            field="vat_reason",
        )
    return shares


@write
def write_off_undo(
    *, write_off_id: uuid.UUID, actor: Principal, date: dt.date | None = None
) -> WriteOff:
    """Take a written-off debt up again: mirror journal, the invoice is open as before. Raises ReliefUndone."""
    require(actor, "ar.write_off.create")
    found = WriteOff.objects.filter(pk=write_off_id).first()
    if found is None:
        raise DocumentNotFound(N_("There is no such write-off."))
    # documents before their relief, as everywhere
    invoice = document_for_update(INVOICE, found.invoice_id)
    require_unlocked(INVOICE, invoice)
    row: WriteOff = WriteOff.objects.select_for_update().get(pk=write_off_id)
    if row.status == WriteOff.Status.VOID:
        raise ReliefUndone(N_("This was undone already."))
    day = date or max(row.date, timezone.localdate())
    journal_reverse(entry_id=row.entry_id, date=day)
    row.status, row.undone_on = WriteOff.Status.VOID, day
    row.save(update_fields=["status", "undone_on"])
    commission_base_refresh(invoice, base_currency=actor.currency)
    invoice_relief_undone.send(WriteOff, entry_id=row.entry_id, date=day)
    return row
