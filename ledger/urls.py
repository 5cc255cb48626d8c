"""Addresses of the books."""

from django.urls import path

from ledger.views import books, periods, rates

app_name = "ledger"
urlpatterns = [
    path("accounts/", books.chart_page, name="chart"),
    path("accounts/<uuid:account_id>/", books.account_page, name="account"),
    path("journal/", books.journal_list, name="journal-list"),
    path("journal/<uuid:entry_id>/", books.entry_page, name="entry"),
    path(
        "journal/of/<str:kind>/<uuid:document_id>/", books.document_journal, name="document-journal"
    ),
    path("periods/", periods.period_list, name="period-list"),
    path("periods/add-year/", periods.year_add, name="year-add"),
    path("periods/lock/", periods.lock_set, name="lock-set"),
    path("periods/<uuid:period_id>/state/", periods.period_state, name="period-state"),
    path("periods/year/<int:fiscal_year>/", periods.year_page, name="year"),
    path("periods/year/<int:fiscal_year>/close/", periods.year_end, name="year-close"),
    path("periods/year/<int:fiscal_year>/reopen/", periods.year_again, name="year-reopen"),
    path("rates/", rates.rate_list, name="rate-list"),
    path("rates/new/", rates.rate_create, name="rate-create"),
    path("rates/import/", rates.rate_import, name="rate-import"),
    path("rates/<uuid:rate_id>/", rates.rate_edit, name="rate-edit"),
]
