"""Addresses of the pages. Every app mounts its own list here."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import csp_report

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    path("", include("web.urls")),
    path("", include("reports.urls")),
    path("", include("tenancy.urls")),
    path("", include("documents.urls")),
    path("", include("ar.urls")),
    path("", include("ap.urls")),
    path("", include("inventory.urls")),
    path("", include("payments.urls")),
    path("", include("commissions.urls")),
    path("", include("ledger.urls")),
    path("", include("opening.urls")),
    path("", include("audit.urls")),
    path("csp-report", csp_report, name="csp-report"),
]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.page_not_found"
handler500 = "web.errors.server_error"
