"""Addresses of the reports."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from reports import registry
from reports.api.alerts import AlertDismiss, AlertList, AlertRefresh
from reports.api.exports import (
    ExportJobCancel,
    ExportJobDetail,
    ExportJobFile,
    ExportJobs,
)
from reports.api.reports import ReportList, api_view
from reports.api.vat import (
    PeriodChecklist,
    VatReturnDetail,
    VatReturnFile,
    VatReturnList,
    VatReturnPay,
    VatReturnUnfile,
    VatReturnUnpay,
)

urlpatterns: list[URLPattern] = [
    *both("alerts", AlertList, "alert-list"),
    *both("alerts/refresh", AlertRefresh, "alert-refresh"),
    *both("alerts/<uuid:alert_id>/dismiss", AlertDismiss, "alert-dismiss"),
    *both("export-jobs", ExportJobs, "export-jobs"),
    *both("export-jobs/<uuid:job_id>", ExportJobDetail, "export-job"),
    *both("export-jobs/<uuid:job_id>/cancel", ExportJobCancel, "export-job-cancel"),
    *both("export-jobs/<uuid:job_id>/file", ExportJobFile, "export-job-file"),
    *both("reports", ReportList, "report-list"),
    *both("vat-returns", VatReturnList, "vat-return-list"),
    *both("vat-returns/<uuid:vat_return_id>", VatReturnDetail, "vat-return-detail"),
    *both("vat-returns/<uuid:vat_return_id>/file", VatReturnFile, "vat-return-file"),
    *both("vat-returns/<uuid:vat_return_id>/unfile", VatReturnUnfile, "vat-return-unfile"),
    *both("vat-returns/<uuid:vat_return_id>/pay", VatReturnPay, "vat-return-pay"),
    *both("vat-returns/<uuid:vat_return_id>/unpay", VatReturnUnpay, "vat-return-unpay"),
    *both("periods/<uuid:period_id>/checklist", PeriodChecklist, "period-checklist"),
    *(
        pattern
        for report in registry.REPORTS
        for pattern in both(f"reports/{report.key}", api_view(report), f"report-{report.key}")
    ),
]
