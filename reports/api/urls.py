"""Addresses of the reports."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from reports import registry
from reports.api.exports import (
    ExportJobCancel,
    ExportJobDetail,
    ExportJobFile,
    ExportJobs,
)
from reports.api.reports import ReportList, api_view

urlpatterns: list[URLPattern] = [
    *both("export-jobs", ExportJobs, "export-jobs"),
    *both("export-jobs/<uuid:job_id>", ExportJobDetail, "export-job"),
    *both("export-jobs/<uuid:job_id>/cancel", ExportJobCancel, "export-job-cancel"),
    *both("export-jobs/<uuid:job_id>/file", ExportJobFile, "export-job-file"),
    *both("reports", ReportList, "report-list"),
    *(
        pattern
        for report in registry.REPORTS
        for pattern in both(f"reports/{report.key}", api_view(report), f"report-{report.key}")
    ),
]
