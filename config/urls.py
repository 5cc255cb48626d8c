"""Addresses of the pages. Every app mounts its own list here."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import csp_report

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    path("", include("web.urls")),
    path("", include("ar.urls")),
    path("csp-report", csp_report, name="csp-report"),
]
