"""Addresses of the home page and the reports."""

from django.urls import path

from ledger.views.books import trial_balance_page
from reports.views import home

app_name = "reports"
urlpatterns = [
    path("", home.dashboard, name="dashboard"),
    path("find/", home.palette_search, name="palette-search"),
    path("reports/trial-balance/", trial_balance_page, name="trial-balance"),
    path("reports/customer-balances/", home.customer_balances_page, name="customer-balances"),
]
