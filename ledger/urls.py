"""Addresses of the books."""

from django.urls import path

from ledger.views import books, chart, imports, manual, periods, rates, templates

app_name = "ledger"
urlpatterns = [
    path("accounts/", books.chart_page, name="chart"),
    path("accounts/new/", chart.account_new, name="account-new"),
    path("accounts/roles/", chart.role_map, name="roles"),
    path("accounts/lookup/", manual.account_lookup, name="account-lookup"),
    path("accounts/rows/", manual.account_rows, name="account-rows"),
    path("accounts/<uuid:account_id>/", books.account_page, name="account"),
    path("accounts/<uuid:account_id>/edit/", chart.account_edit, name="account-edit"),
    path("accounts/<uuid:account_id>/remove/", chart.account_remove, name="account-remove"),
    path("journal/", books.journal_list, name="journal-list"),
    path("journal/<uuid:entry_id>/", books.entry_page, name="entry"),
    path(
        "journal/of/<str:kind>/<uuid:document_id>/", books.document_journal, name="document-journal"
    ),
    path("manual-journals/", manual.manual_list, name="manual-list"),
    path("manual-journals/new/", manual.manual_new, name="manual-new"),
    path("manual-journals/save/", manual.manual_save, name="manual-save"),
    path("manual-journals/parties/", manual.party_lookup, name="party-lookup"),
    path("manual-journals/import/", imports.import_start, name="import-start"),
    path("manual-journals/import/<uuid:job_id>/", imports.import_job, name="import-job"),
    path("manual-journals/import/<uuid:job_id>/run/", imports.import_go, name="import-go"),
    path("manual-journals/<uuid:journal_id>/", manual.manual_page, name="manual"),
    path("manual-journals/<uuid:journal_id>/edit/", manual.manual_edit, name="manual-edit"),
    path("manual-journals/<uuid:journal_id>/post/", manual.manual_post_page, name="manual-post"),
    path(
        "manual-journals/<uuid:journal_id>/reverse/",
        manual.manual_reverse_page,
        name="manual-reverse",
    ),
    path(
        "manual-journals/<uuid:journal_id>/delete/",
        manual.manual_delete_page,
        name="manual-delete",
    ),
    path("manual-journals/<uuid:journal_id>/template/", manual.manual_keep, name="manual-keep"),
    path("journal-templates/", templates.template_list, name="template-list"),
    path("journal-templates/new/", templates.template_new, name="template-new"),
    path("journal-templates/save/", templates.template_save, name="template-save"),
    path("journal-templates/<uuid:template_id>/", templates.template_page, name="template"),
    path("recurring-journals/", templates.recurring_list, name="recurring-list"),
    path("recurring-journals/<uuid:schedule_id>/", templates.recurring_edit, name="recurring"),
    path(
        "recurring-journals/<uuid:schedule_id>/run/",
        templates.recurring_run_page,
        name="recurring-run",
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
