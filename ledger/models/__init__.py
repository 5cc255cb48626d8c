"""Tables of the general ledger."""

from ledger.models.accounts import Account, TaxCode
from ledger.models.journal import AccountBalance, JournalEntry, JournalLine
from ledger.models.periods import ExchangeRate, Period

__all__ = [
    "Account",
    "AccountBalance",
    "ExchangeRate",
    "JournalEntry",
    "JournalLine",
    "Period",
    "TaxCode",
]
