"""Addresses of imports."""

from django.urls import URLPattern, path

from ar.views import imports

urlpatterns: list[URLPattern] = [
    path("invoices/import/", imports.import_start, name="invoice-import"),
    path("invoices/import/<uuid:job_id>/", imports.import_job, name="import-job"),
    path("invoices/import/<uuid:job_id>/run/", imports.import_run, name="import-run"),
    path(
        "invoices/import/<uuid:job_id>/progress/", imports.import_progress, name="import-progress"
    ),
    path("invoices/import/<uuid:job_id>/refused/", imports.import_problems, name="import-problems"),
]
