"""Addresses of payables."""

from __future__ import annotations

from django.urls import URLPattern

from ap.api import bill_actions, bills, credits
from ap.api.suppliers import SupplierDetail, SupplierList
from api.urls import both

BILL = "bills/<uuid:bill_id>"
CREDIT = "supplier-credits/<uuid:credit_id>"

urlpatterns: list[URLPattern] = [
    *both("suppliers", SupplierList, "supplier-list"),
    *both("suppliers/<uuid:supplier_id>", SupplierDetail, "supplier-detail"),
    *both("bills", bills.BillList, "bill-list"),
    *both("bills/search", bills.BillSearch, "bill-search"),
    *both(BILL, bills.BillDetail, "bill-detail"),
    *both(f"{BILL}/items", bills.BillLines, "bill-lines"),
    *both(f"{BILL}/items/<uuid:line_id>", bills.BillLineDetail, "bill-line"),
    *both(f"{BILL}/post", bill_actions.BillPost, "bill-post"),
    *both(f"{BILL}/lock", bill_actions.BillLock, "bill-lock"),
    *both(f"{BILL}/unlock", bill_actions.BillUnlock, "bill-unlock"),
    *both(f"{BILL}/credit", bill_actions.BillCredit, "bill-credit"),
    *both(f"{BILL}/void", bill_actions.BillVoid, "bill-void"),
    *both(f"{BILL}/pdf", bill_actions.BillPdf, "bill-pdf"),
    *both(f"{BILL}/history", bill_actions.BillHistory, "bill-history"),
    *both("supplier-credits", credits.SupplierCreditList, "supplier-credit-list"),
    *both(CREDIT, credits.SupplierCreditDetail, "supplier-credit-detail"),
    *both(f"{CREDIT}/post", credits.SupplierCreditPost, "supplier-credit-post"),
    *both(f"{CREDIT}/lock", credits.SupplierCreditLock, "supplier-credit-lock"),
    *both(f"{CREDIT}/unlock", credits.SupplierCreditUnlock, "supplier-credit-unlock"),
    *both(f"{CREDIT}/pdf", credits.SupplierCreditPdf, "supplier-credit-pdf"),
    *both(f"{CREDIT}/history", credits.SupplierCreditHistory, "supplier-credit-history"),
]
