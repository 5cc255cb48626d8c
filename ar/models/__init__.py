"""Customers and what they are billed."""

from ar.models.customers import Customer
from ar.models.imports import ImportJob
from ar.models.invoices import Invoice, InvoiceLine
from ar.models.notes import CreditNote, CreditNoteLine

__all__ = ["CreditNote", "CreditNoteLine", "Customer", "ImportJob", "Invoice", "InvoiceLine"]
