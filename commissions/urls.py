"""Addresses of commissions."""

from django.urls import path

from commissions.views import snapshots

app_name = "commissions"
urlpatterns = [
    path("commissions/", snapshots.commission_list, name="commission-list"),
    path("commissions/<uuid:snapshot_id>/approve/", snapshots.commission_approve, name="approve"),
    path(
        "commissions/of-invoice/<uuid:invoice_id>/",
        snapshots.invoice_section,
        name="invoice-section",
    ),
]
