"""Addresses of the home page and the reports."""

from django.urls import path

from reports.registry import REPORTS
from reports.views import exports, home, pages, palette

app_name = "reports"
urlpatterns = [
    path("", home.dashboard, name="dashboard"),
    path("find/", palette.palette_search, name="palette-search"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/bell/", alerts.alert_bell, name="alert-bell"),
    path("alerts/look/", alerts.alert_look, name="alert-look"),
    path("alerts/<uuid:alert_id>/put-away/", alerts.alert_put_away, name="alert-put-away"),
    path("reports/", pages.hub, name="hub"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:job_id>/", exports.export_page, name="export"),
    path("exports/<uuid:job_id>/progress/", exports.export_progress, name="export-progress"),
    path("exports/<uuid:job_id>/cancel/", exports.export_stop, name="export-stop"),
    path("exports/<uuid:job_id>/file/", exports.export_file, name="export-file"),
    path("reports/customer-balances/", home.customer_balances_page, name="customer-balances"),
    *(
        path(f"reports/{report.key}/", pages.report_page, {"key": report.key}, name=report.key)
        for report in REPORTS
    ),
    path("reports/<slug:key>/", pages.report_page, name="report"),
    path("reports/<slug:key>/file/<slug:form>/", pages.report_file, name="file"),
]
