"""Addresses of the audit trail."""

from django.urls import path

from audit.views import trail

app_name = "audit"
urlpatterns = [
    path("audit/", trail.log, name="log"),
    path("audit/timeline/<str:kind>/<str:key>/", trail.timeline, name="timeline"),
    path("audit/<str:kind>/<str:key>/", trail.entity, name="entity"),
]
