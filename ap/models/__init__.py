"""Suppliers, what they bill, and what of it waits for its month."""

from ap.models.bills import Bill, BillLine
from ap.models.credits import SupplierCredit, SupplierCreditLine
from ap.models.imports import BillImportJob
from ap.models.prepaid import PrepaidPart
from ap.models.suppliers import Supplier

__all__ = [
    "Bill",
    "BillImportJob",
    "BillLine",
    "PrepaidPart",
    "Supplier",
    "SupplierCredit",
    "SupplierCreditLine",
]
