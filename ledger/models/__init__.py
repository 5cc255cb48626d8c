"""Tables of the general ledger."""

from ledger.models.accounts import Account, TaxCode
from ledger.models.imports import JournalImport
from ledger.models.journal import AccountBalance, JournalEntry, JournalLine
from ledger.models.manual import (
    JournalTemplate,
    JournalTemplateLine,
    ManualJournal,
    ManualJournalLine,
    RecurringJournal,
)
from ledger.models.periods import ExchangeRate, LockDate, Period

__all__ = [
    "Account",
    "AccountBalance",
    "ExchangeRate",
    "JournalEntry",
    "JournalImport",
    "JournalLine",
    "JournalTemplate",
    "JournalTemplateLine",
    "LockDate",
    "ManualJournal",
    "ManualJournalLine",
    "Period",
    "RecurringJournal",
    "TaxCode",
]
