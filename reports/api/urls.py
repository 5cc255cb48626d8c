"""Addresses of the reports."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from reports import registry
from reports.api.reports import ReportList, api_view

urlpatterns: list[URLPattern] = [
    *both("reports", ReportList, "report-list"),
    *(
        pattern
        for report in registry.REPORTS
        for pattern in both(f"reports/{report.key}", api_view(report), f"report-{report.key}")
    ),
]
