"""Addresses of the books."""

from django.urls import path

from ledger.views import books, setup

app_name = "ledger"
urlpatterns = [
    path("accounts/", books.chart_page, name="chart"),
    path("accounts/<uuid:account_id>/", books.account_page, name="account"),
    path("journal/", books.journal_list, name="journal-list"),
    path("journal/<uuid:entry_id>/", books.entry_page, name="entry"),
    path(
        "journal/of/<str:kind>/<uuid:document_id>/", books.document_journal, name="document-journal"
    ),
    path("periods/", setup.period_list, name="period-list"),
    path("periods/<uuid:period_id>/state/", setup.period_state, name="period-state"),
    path("rates/", setup.rate_list, name="rate-list"),
    path("rates/new/", setup.rate_create, name="rate-create"),
]
