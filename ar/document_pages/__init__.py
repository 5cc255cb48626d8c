"""How the documents of sales are typed, listed and shown; one module for each kind."""

from ar.document_pages.credit_notes import CREDIT_NOTE_PAGES
from ar.document_pages.invoices import INVOICE_PAGES

__all__ = ["CREDIT_NOTE_PAGES", "INVOICE_PAGES"]
