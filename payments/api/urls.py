"""Addresses of payments; invoices show what settled them."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ar.api.parts import add_part
from payments.api.payments import (
    PaymentAccountList,
    PaymentAllocate,
    PaymentDetail,
    PaymentList,
    PaymentProposal,
    PaymentVoid,
    allocations_of_invoices,
)
from payments.api.reports import CustomerBalances

urlpatterns: list[URLPattern] = [
    *both("payment-accounts", PaymentAccountList, "payment-account-list"),
    *both("payments", PaymentList, "payment-list"),
    *both("payments/proposal", PaymentProposal, "payment-proposal"),
    *both("payments/<uuid:payment_id>", PaymentDetail, "payment-detail"),
    *both("payments/<uuid:payment_id>/allocate", PaymentAllocate, "payment-allocate"),
    *both("payments/<uuid:payment_id>/void", PaymentVoid, "payment-void"),
    *both("reports/customer-balances", CustomerBalances, "customer-balances"),
]

add_part("allocations", lambda invoice, _actor: allocations_of_invoices([invoice.pk]))
