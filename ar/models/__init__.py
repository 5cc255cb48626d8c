"""Customers and what they are billed."""

from ar.models.customers import Customer
from ar.models.invoices import Invoice, InvoiceLine
from ar.models.notes import CreditNote, CreditNoteLine

__all__ = ["CreditNote", "CreditNoteLine", "Customer", "Invoice", "InvoiceLine"]
