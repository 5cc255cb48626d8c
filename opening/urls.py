"""Addresses of the go-live."""

from django.urls import path

from opening.views import pages

app_name = "opening"
urlpatterns = [
    path("opening-balances/", pages.start, name="start"),
    path("opening-balances/<uuid:file_id>/", pages.file_page, name="file"),
    path("opening-balances/<uuid:file_id>/run/", pages.file_run, name="file-run"),
    path("opening-balances/<uuid:file_id>/undo/", pages.file_back, name="file-undo"),
]
