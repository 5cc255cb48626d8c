"""Addresses of the API, version 1. Every app adds its own list; each is reachable with and without trailing slash."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from config.views import health

app_name = "api"

v1 = [
    re_path(r"^health/?$", health, name="health"),
]

urlpatterns = [
    path("v1/", include(v1)),
    re_path(r"^schema/?$", SpectacularAPIView.as_view(), name="schema"),
]
