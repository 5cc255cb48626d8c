"""Addresses of what happens to invoices besides payment, included by ar.urls under the name space `ar`."""

from django.urls import URLPattern, path

from ar.views import receivables, recurring, reminders

INVOICE = "invoices/<uuid:invoice_id>"
RECURRING = "recurring-invoices/<uuid:recurring_id>"

urlpatterns: list[URLPattern] = [
    path(f"{INVOICE}/receivable/", receivables.receivable_section, name="invoice-receivable"),
    path(f"{INVOICE}/debit-note/", receivables.debit_note_page, name="invoice-debit-note"),
    path(f"{INVOICE}/write-off/", receivables.write_off_page, name="invoice-write-off"),
    path(f"{INVOICE}/prepayment/", receivables.use_prepayment_page, name="invoice-prepayment"),
    path(f"{INVOICE}/hold/", receivables.hold_action, name="invoice-hold"),
    path(f"{INVOICE}/repeat/", recurring.recurring_create_page, name="invoice-repeat"),
    path("prepayments/new/", receivables.prepayment_page, name="prepayment-create"),
    path(
        "prepayments/used/<uuid:use_id>/release/",
        receivables.prepayment_release_action,
        name="prepayment-release",
    ),
    path(
        "write-offs/<uuid:write_off_id>/undo/",
        receivables.write_off_undo_action,
        name="write-off-undo",
    ),
    path("reminders/", reminders.reminder_due_list, name="reminder-due"),
    path("reminders/send/", reminders.reminder_send_action, name="reminder-send"),
    path("reminders/sent/", reminders.reminder_sent_list, name="reminder-sent"),
    path(
        "reminders/sent/<uuid:reminder_id>/again/",
        reminders.reminder_retry_action,
        name="reminder-retry",
    ),
    path("reminders/levels/", reminders.reminder_level_list, name="reminder-levels"),
    path("reminders/levels/<int:level>/", reminders.reminder_level_page, name="reminder-level"),
    path(
        "customers/<uuid:customer_id>/remind/",
        reminders.reminder_send_one_action,
        name="customer-remind",
    ),
    path(
        "customers/<uuid:customer_id>/reminders/",
        reminders.reminder_stop_action,
        name="customer-reminders",
    ),
    path("recurring-invoices/", recurring.recurring_list, name="recurring-list"),
    path(f"{RECURRING}/", recurring.recurring_detail, name="recurring-detail"),
    path(f"{RECURRING}/run/", recurring.recurring_run_action, name="recurring-run"),
    path(f"{RECURRING}/delete/", recurring.recurring_delete_action, name="recurring-delete"),
    path("payment-terms/", recurring.terms_list, name="terms-list"),
    path("payment-terms/new/", recurring.terms_page, name="terms-create"),
    path("payment-terms/<uuid:terms_id>/", recurring.terms_page, name="terms-edit"),
]
