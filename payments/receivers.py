"""What payments do when lower apps report something."""

from __future__ import annotations

from typing import Any

from ar.models import CreditNote, Invoice
from payments.services.receipts import credit_note_settle
from payments.services.setup import payment_accounts_create
from tenancy.context import current_actor_id
from tenancy.models import Company


def company_gets_payment_accounts(company: Company, **_: Any) -> None:
    """A new company starts with till, bank and card clearing on its ledger accounts."""
    payment_accounts_create(company_id=company.pk, currency=company.currency)


def credit_note_settles_invoice(credit_note: CreditNote, invoice: Invoice | None, **_: Any) -> None:
    """A credit note that names its invoice lowers what is open on it."""
    if invoice is not None:
        credit_note_settle(credit_note, invoice, actor_id=current_actor_id())
