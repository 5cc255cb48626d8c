"""Addresses of commissions; invoices show theirs."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ar.api.parts import add_part
from commissions.api.commissions import (
    CommissionApprove,
    CommissionList,
    CommissionSummary,
    commissions_of,
)
from commissions.api.payouts import CommissionPay, PayoutList

urlpatterns: list[URLPattern] = [
    *both("commissions", CommissionList, "commission-list"),
    *both("commissions/summary", CommissionSummary, "commission-summary"),
    *both("commissions/payouts", PayoutList, "commission-payouts"),
    *both("commissions/pay", CommissionPay, "commission-pay"),
    *both("commissions/<uuid:snapshot_id>/approve", CommissionApprove, "commission-approve"),
]

add_part("commissions", commissions_of)
