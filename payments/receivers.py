"""What payments do when lower apps report something."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from ap.models import Bill, SupplierCredit
from ar.models import CreditNote, Invoice
from payments.services.allocating import credit_settle, entry_settle
from payments.services.reversing import entry_unsettle
from payments.services.setup import payment_accounts_create
from tenancy.context import current_actor_id, current_company_id
from tenancy.models import Company


def company_gets_payment_accounts(company: Company, **_: Any) -> None:
    """A new company starts with till, bank and card clearing on its ledger accounts."""
    payment_accounts_create(company_id=company.pk, currency=company.currency)


def _base_currency(currency: str, rate: Decimal) -> str:
    """Return the company's currency; a document at rate 1 that settles its own rate needs no look."""
    if rate == 1:
        return currency
    base: str = Company.objects.values_list("currency", flat=True).get(pk=current_company_id())
    return base


def credit_note_settles_invoice(credit_note: CreditNote, invoice: Invoice | None, **_: Any) -> None:
    """A credit note that names its invoice lowers what is open on it; the rest is credit on account."""
    if invoice is not None:
        credit_settle(
            credit_note,
            invoice,
            base_currency=_base_currency(credit_note.currency, credit_note.exchange_rate),
            actor_id=current_actor_id(),
        )


def supplier_credit_settles_bill(
    supplier_credit: SupplierCredit, bill: Bill | None, **_: Any
) -> None:
    """A supplier credit that names its bill lowers what is open on it; the rest is ours to use."""
    if bill is not None:
        credit_settle(
            supplier_credit,
            bill,
            base_currency=_base_currency(supplier_credit.currency, supplier_credit.exchange_rate),
            actor_id=current_actor_id(),
        )


def entry_settles_invoice(
    invoice: Invoice,
    entry_id: uuid.UUID,
    amount: Decimal,
    base_amount: Decimal,
    date: dt.date,
    **_: Any,
) -> None:
    """A journal entry took something off the customer's account: the invoice is settled by it (S10, S12)."""
    entry_settle(
        invoice=invoice,
        entry_id=entry_id,
        amount=amount,
        base_amount=base_amount,
        date=date,
        actor_id=current_actor_id(),
    )


def reversed_entry_reopens(entry_id: uuid.UUID, date: dt.date, **_: Any) -> None:
    """Such an entry was reversed: what it settled is open again."""
    entry_unsettle(entry_id=entry_id, date=date, actor_id=current_actor_id())
