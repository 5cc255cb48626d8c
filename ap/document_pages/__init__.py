"""How the documents of purchases are typed, listed and shown; one module for each kind."""

from ap.document_pages.bills import BILL_PAGES
from ap.document_pages.credits import SUPPLIER_CREDIT_PAGES

__all__ = ["BILL_PAGES", "SUPPLIER_CREDIT_PAGES"]
