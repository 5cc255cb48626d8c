"""Prepayment invoices (S9) and their use on final invoices (S10)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.utils import timezone

from ar.document_types import INVOICE
from ar.errors import NotOpen, ReliefUndone
from ar.models import Invoice, InvoiceKind, InvoiceLine, PrepaymentUse
from ar.relief_posting import CodeShare, ReliefFacts, post_prepayment_use
from ar.selectors.crediting import prepayment_used
from ar.selectors.prepayments import available_of
from ar.services.write_offs import carrying_of, open_of, relief_date, require_amount
from ar.signals import invoice_relief_undone, invoice_relieved
from core.errors import N_
from core.ids import uuid7
from core.money import ZERO, is_rounded, product, ratio_of
from core.transactions import write
from documents.errors import DocumentNotFound, TransitionRefused
from documents.lifecycle import OPEN
from documents.services.loading import require_unlocked
from inventory.services.lines import tax_table
from ledger.services.journal import journal_post, journal_reverse
from tenancy.permissions import require
from tenancy.principal import Principal

KIND = "ar.prepayment_use"


@write
def prepayment_apply(
    *,
    invoice_id: uuid.UUID,
    prepayment_id: uuid.UUID,
    actor: Principal,
    amount: Decimal | None = None,
    date: dt.date | None = None,
) -> PrepaymentUse:
    """Use a paid prepayment on a final invoice of the same customer; `amount` None takes as much as fits.

    Raises NotOpen for more than was paid and is not used, or more than the invoice has open; TransitionRefused.
    """
    require(actor, "ar.prepayment.apply")
    invoice, prepayment = _both_locked(invoice_id, prepayment_id)
    left = available_of(prepayment)
    wanted = min(left, open_of(invoice)) if amount is None else amount
    if wanted > left or wanted <= 0 or not is_rounded(wanted, prepayment.currency):
        raise NotOpen(
            N_("%(left)s of this prepayment is paid and not used yet."),
            field="amount",
            params={"left": left},
        )
    require_amount(invoice, wanted)
    base_amount = carrying_of(invoice, wanted, base_currency=actor.currency)
    share = _share_used(prepayment, wanted, base_currency=actor.currency)
    row = PrepaymentUse(
        id=uuid7(),
        prepayment_id=prepayment.pk,
        invoice_id=invoice.pk,
        date=max(relief_date(invoice, date), prepayment.issue_date),
        currency=invoice.currency,
        amount=wanted,
        tax_amount=share.tax,
        base_amount=base_amount,
        shares=[share.stored()],
        created_by_id=actor.user_id,
    )
    facts = ReliefFacts(
        source_kind=KIND,
        source_id=row.pk,
        number=prepayment.number,
        date=row.date,
        party_id=invoice.customer_id,
        currency=invoice.currency,
        rate=invoice.exchange_rate,
        base_currency=actor.currency,
        amount=wanted,
        base_amount=base_amount,
        shares=(share,),
    )
    (row.entry_id,) = journal_post([post_prepayment_use(facts)])
    PrepaymentUse.objects.bulk_create([row])
    invoice_relieved.send(
        PrepaymentUse,
        invoice=invoice,
        entry_id=row.entry_id,
        amount=wanted,
        base_amount=base_amount,
        date=row.date,
    )
    return row


def _both_locked(invoice_id: uuid.UUID, prepayment_id: uuid.UUID) -> tuple[Invoice, Invoice]:
    """Return final and prepayment invoice, locked in the order of their ids. Raises what does not fit together."""
    found = {
        row.pk: row
        for row in Invoice.objects.select_for_update()
        .filter(pk__in=[invoice_id, prepayment_id])
        .order_by("pk")
    }
    if len(found) < 2:
        raise DocumentNotFound(N_("There is no such invoice."), field="prepayment")
    invoice, prepayment = found[invoice_id], found[prepayment_id]
    require_unlocked(INVOICE, invoice)
    if invoice.kind != InvoiceKind.INVOICE or invoice.status not in OPEN:
        raise TransitionRefused(N_("A prepayment is used on a posted invoice with something open."))
    if (
        prepayment.kind != InvoiceKind.PREPAYMENT
        or prepayment.customer_id != invoice.customer_id
        or prepayment.currency != invoice.currency
    ):
        raise TransitionRefused(
            N_("The prepayment is of the same customer and currency."), field="prepayment"
        )
    return invoice, prepayment


def _share_used(prepayment: Invoice, amount: Decimal, *, base_currency: str) -> CodeShare:
    """Return net and VAT of the part used: cumulative, so that using all of it leaves nothing (accounting.md 1)."""
    code = InvoiceLine.objects.filter(document_id=prepayment.pk).values_list("tax_code", flat=True)
    info = tax_table()[0][code[0]]
    before = prepayment_used(prepayment.pk)
    total, tax = prepayment.total or ZERO, prepayment.tax_amount or ZERO

    def until(used: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        """Return (VAT, base total, base VAT) of everything used up to `used`."""
        if used == total:
            return tax, prepayment.base_total, prepayment.base_tax_amount
        vat = ratio_of(tax, used, total, prepayment.currency)
        rate = prepayment.exchange_rate
        return vat, product(used, rate, base_currency), product(vat, rate, base_currency)

    now, earlier = until(before + amount), until(before)
    vat, base, base_vat = (a - b for a, b in zip(now, earlier, strict=True))
    return CodeShare(
        code[0], info.vat_role or "vat_output", amount - vat, vat, base - base_vat, base_vat
    )


@write
def prepayment_release(
    *, use_id: uuid.UUID, actor: Principal, date: dt.date | None = None
) -> PrepaymentUse:
    """Undo the use of a prepayment: mirror journal, the invoice is open again, the prepayment can be used elsewhere."""
    require(actor, "ar.prepayment.apply")
    found = PrepaymentUse.objects.filter(pk=use_id).first()
    if found is None:
        raise DocumentNotFound(N_("There is no such use of a prepayment."))
    locked = Invoice.objects.select_for_update().filter(
        pk__in=[found.invoice_id, found.prepayment_id]
    )
    for document in locked.order_by("pk"):
        require_unlocked(INVOICE, document)
    row: PrepaymentUse = PrepaymentUse.objects.select_for_update().get(pk=use_id)
    if row.status == PrepaymentUse.Status.VOID:
        raise ReliefUndone(N_("This was undone already."))
    day = date or max(row.date, timezone.localdate())
    journal_reverse(entry_id=row.entry_id, date=day)
    row.status, row.undone_on = PrepaymentUse.Status.VOID, day
    row.save(update_fields=["status", "undone_on"])
    invoice_relief_undone.send(PrepaymentUse, entry_id=row.entry_id, date=day)
    return row
