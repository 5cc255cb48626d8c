"""The steps of documents that need the books: the exchange rate of a header."""

from __future__ import annotations

import datetime as dt

from core.errors import N_, DomainError
from documents.models import DocumentHeader
from documents.typed_header import TypedDocument
from ledger.services.rates import rate_on
from tenancy.principal import Principal


def header_fill(
    document: DocumentHeader, typed: TypedDocument, *, due_date: dt.date, actor: Principal
) -> None:
    """Put the typed header on an unsaved or locked document; `due_date` is what the party's terms say.

    Raises RateMissing where the currency has no rate on that date, DomainError for a rate of the own currency.
    """
    base_currency = actor.currency
    document.issue_date = typed.issue_date
    document.due_date = typed.due_date or due_date
    document.supply_date = typed.supply_date
    document.currency = typed.currency or base_currency
    if document.currency == base_currency and typed.exchange_rate not in (None, 1):
        raise DomainError(
            N_("The exchange rate of the company's own currency is 1."),
            code="wrong_rate",
            field="exchange_rate",
        )
    document.exchange_rate = typed.exchange_rate or rate_on(
        currency=document.currency, base_currency=base_currency, date=typed.issue_date
    )
    document.number = typed.number
    document.reference = typed.reference
    document.notes = typed.notes
    document.notes_arabic = typed.notes_arabic
    document.document_discount = typed.document_discount
    document.prices_include_tax = typed.prices_include_tax
