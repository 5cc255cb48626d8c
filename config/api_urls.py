"""Addresses of the API, version 1. Every app adds its own list; each is reachable with and without trailing slash."""

from __future__ import annotations

from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from ap.api.urls import urlpatterns as payables
from api.docs import docs
from api.people.urls import urlpatterns as people
from api.views import unknown_address
from ar.api.urls import urlpatterns as receivables
from audit.api.urls import urlpatterns as log
from commissions.api.urls import urlpatterns as commission_pages
from config.views import health
from documents.api.urls import urlpatterns as drafts
from inventory.api.urls import urlpatterns as items
from ledger.api.urls import urlpatterns as books
from opening.api.urls import urlpatterns as opening
from payments.api.urls import urlpatterns as money
from reports.api.urls import urlpatterns as report_pages

app_name = "api"

v1: list[URLPattern | URLResolver] = [
    re_path(r"^health/?$", health, name="health"),
    *people,
    *drafts,
    *receivables,
    *payables,
    *items,
    *books,
    *opening,
    *money,
    *commission_pages,
    *log,
    *report_pages,
]

schema = transaction.non_atomic_requests(
    SpectacularAPIView.as_view(authentication_classes=(), permission_classes=())
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(v1)),
    re_path(r"^schema/?$", schema, name="schema"),
    re_path(r"^docs/?$", transaction.non_atomic_requests(docs), name="docs"),
    re_path(r"", transaction.non_atomic_requests(unknown_address), name="unknown"),
]
