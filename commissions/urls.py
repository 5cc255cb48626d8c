"""Addresses of commissions."""

from django.urls import path

from commissions.views import payouts, snapshots

app_name = "commissions"
urlpatterns = [
    path("commissions/", snapshots.commission_list, name="commission-list"),
    path("commissions/<uuid:snapshot_id>/approve/", snapshots.commission_approve, name="approve"),
    path("commissions/payouts/", payouts.payout_list, name="payout-list"),
    path("commissions/payouts/pay/", payouts.payout_pay, name="payout-pay"),
    path(
        "commissions/of-invoice/<uuid:invoice_id>/",
        snapshots.invoice_section,
        name="invoice-section",
    ),
]
