"""Addresses of the home page and the reports."""

from django.urls import path

from reports.registry import REPORTS
from reports.views import home, pages

app_name = "reports"
urlpatterns = [
    path("", home.dashboard, name="dashboard"),
    path("find/", home.palette_search, name="palette-search"),
    path("reports/", pages.hub, name="hub"),
    path("reports/customer-balances/", home.customer_balances_page, name="customer-balances"),
    *(
        path(f"reports/{report.key}/", pages.report_page, {"key": report.key}, name=report.key)
        for report in REPORTS
    ),
    path("reports/<slug:key>/", pages.report_page, name="report"),
    path("reports/<slug:key>/file/<slug:form>/", pages.report_file, name="file"),
]
