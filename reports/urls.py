"""Addresses of the home page and the reports."""

from django.urls import path

from reports.registry import REPORTS
from reports.views import alerts, closing, exports, home, pages, palette, vat

app_name = "reports"
urlpatterns = [
    path("", home.dashboard, name="dashboard"),
    path("find/", palette.palette_search, name="palette-search"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/bell/", alerts.alert_bell, name="alert-bell"),
    path("alerts/look/", alerts.alert_look, name="alert-look"),
    path("alerts/<uuid:alert_id>/put-away/", alerts.alert_put_away, name="alert-put-away"),
    path("reports/", pages.hub, name="hub"),
    path("vat-returns/", vat.vat_list, name="vat-list"),
    path("vat-returns/prepare/", vat.vat_prepare, name="vat-prepare"),
    path("vat-returns/<uuid:vat_return_id>/", vat.vat_detail, name="vat-detail"),
    path("vat-returns/<uuid:vat_return_id>/file/", vat.vat_file, name="vat-file"),
    path("vat-returns/<uuid:vat_return_id>/discard/", vat.vat_discard, name="vat-discard"),
    path("vat-returns/<uuid:vat_return_id>/unfile/", vat.vat_unfile, name="vat-unfile"),
    path("vat-returns/<uuid:vat_return_id>/pay/", vat.vat_pay, name="vat-pay"),
    path("vat-returns/<uuid:vat_return_id>/unpay/", vat.vat_unpay, name="vat-unpay"),
    path("periods/<uuid:period_id>/", closing.period_closing, name="period-closing"),
    path("periods/<uuid:period_id>/verify/", closing.period_verify, name="period-verify"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:job_id>/", exports.export_page, name="export"),
    path("exports/<uuid:job_id>/progress/", exports.export_progress, name="export-progress"),
    path("exports/<uuid:job_id>/cancel/", exports.export_stop, name="export-stop"),
    path("exports/<uuid:job_id>/file/", exports.export_file, name="export-file"),
    path("reports/customer-balances/", home.customer_balances_page, name="customer-balances"),
    *(
        path(f"reports/{report.key}/", pages.page_of_report(report), name=report.key)
        for report in REPORTS
    ),
    path("reports/<slug:key>/", pages.report_page, name="report"),
    path("reports/<slug:key>/file/<slug:form>/", pages.report_file, name="file"),
]
