"""The steps of documents that need the books: the exchange rate of a header."""

from __future__ import annotations

import datetime as dt

from core.errors import N_, DomainError
from documents.models import DocumentHeader
from documents.typed_header import TypedDocument
from ledger.services.rates import RateQuote, rate_quote
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
    _rate_fill(document, typed, base_currency)
    document.number = typed.number
    document.reference = typed.reference
    document.notes = typed.notes
    document.notes_arabic = typed.notes_arabic
    document.document_discount = typed.document_discount
    document.prices_include_tax = typed.prices_include_tax


def _rate_fill(document: DocumentHeader, typed: TypedDocument, base_currency: str) -> None:
    """Put the rate on the document with its source and day; a typed one with its reason, without both.

    The rate that the document took from the table before, sent back unchanged, stays the table's.
    """
    kept = document.rate_source and typed.exchange_rate == document.exchange_rate
    if kept and not typed.rate_reason:
        return
    if typed.exchange_rate is None:
        quote = rate_quote(
            currency=document.currency, base_currency=base_currency, date=typed.issue_date
        )
    else:
        quote = RateQuote(typed.exchange_rate, typed.issue_date, "")
    own = document.currency == base_currency
    is_typed = typed.exchange_rate is not None
    document.exchange_rate = quote.rate
    document.rate_source = quote.source
    document.rate_date = None if own or is_typed else quote.date
    document.rate_reason = typed.rate_reason if is_typed and not own else ""
