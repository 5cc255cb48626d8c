"""Addresses of payments; invoices and bills show what settled them."""

from __future__ import annotations

from django.urls import URLPattern

from ap.api.parts import add_part as add_bill_part
from api.urls import both
from ar.api.parts import add_part
from payments.api import bank_urls
from payments.api.accounts import PaymentAccountDetail, PaymentAccountList
from payments.api.credits import (
    AllocationUndo,
    CreditNoteAllocate,
    OpenItems,
    SupplierCreditAllocate,
)
from payments.api.payments import (
    PaymentAllocate,
    PaymentDetail,
    PaymentList,
    PaymentProposal,
    PaymentUnallocate,
    PaymentVoid,
)
from payments.api.reports import CustomerBalances
from payments.api.revaluation import Revaluation, RevaluationUndo
from payments.api.shapes import allocations_of_documents

urlpatterns: list[URLPattern] = [
    *both("payment-accounts", PaymentAccountList, "payment-account-list"),
    *both("payment-accounts/<uuid:account_id>", PaymentAccountDetail, "payment-account-detail"),
    *both("payments", PaymentList, "payment-list"),
    *both("payments/proposal", PaymentProposal, "payment-proposal"),
    *both("payments/<uuid:payment_id>", PaymentDetail, "payment-detail"),
    *both("payments/<uuid:payment_id>/allocate", PaymentAllocate, "payment-allocate"),
    *both("payments/<uuid:payment_id>/unallocate", PaymentUnallocate, "payment-unallocate"),
    *both("payments/<uuid:payment_id>/void", PaymentVoid, "payment-void"),
    *both("allocations/<uuid:allocation_id>/undo", AllocationUndo, "allocation-undo"),
    *both("credit-notes/<uuid:credit_id>/allocate", CreditNoteAllocate, "credit-note-allocate"),
    *both(
        "supplier-credits/<uuid:credit_id>/allocate",
        SupplierCreditAllocate,
        "supplier-credit-allocate",
    ),
    *both("periods/<uuid:period_id>/revaluation", Revaluation, "revaluation"),
    *both("periods/<uuid:period_id>/revaluation/undo", RevaluationUndo, "revaluation-undo"),
    *both("open-items", OpenItems, "open-items"),
    *bank_urls.urlpatterns,
    *both("reports/customer-balances", CustomerBalances, "customer-balances"),
]

add_part("allocations", lambda invoice, _actor: allocations_of_documents("invoice", [invoice.pk]))
add_bill_part("allocations", lambda bill, _actor: allocations_of_documents("bill", [bill.pk]))
