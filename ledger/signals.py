"""Business events of the ledger."""

from django.dispatch import Signal

#: A new company has its chart of accounts, VAT codes and periods. Arguments: company.
books_created = Signal()
