"""Addresses of what happens to invoices besides payment, included by ar.api.urls."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ar.api import agreements, receivables

ONE = "invoices/<uuid:invoice_id>"
RECURRING = "recurring-invoices/<uuid:recurring_id>"

urlpatterns: list[URLPattern] = [
    *both(f"{ONE}/credit-notes", receivables.InvoiceCreditNotes, "invoice-credit-notes"),
    *both(f"{ONE}/debit-notes", receivables.InvoiceDebitNotes, "invoice-debit-notes"),
    *both(f"{ONE}/prepayments", receivables.InvoicePrepayments, "invoice-prepayments"),
    *both(f"{ONE}/write-off", receivables.InvoiceWriteOff, "invoice-write-off"),
    *both(f"{ONE}/hold", receivables.InvoiceHold, "invoice-hold"),
    *both("prepayments", receivables.PrepaymentList, "prepayment-list"),
    *both(
        "prepayments/used/<uuid:use_id>/release",
        receivables.PrepaymentRelease,
        "prepayment-release",
    ),
    *both("write-offs", receivables.WriteOffList, "write-off-list"),
    *both("write-offs/<uuid:write_off_id>/undo", receivables.WriteOffUndo, "write-off-undo"),
    *both("reminders", agreements.ReminderList, "reminder-list"),
    *both("reminders/due", agreements.RemindersDue, "reminder-due"),
    *both("reminders/levels", agreements.ReminderLevels, "reminder-levels"),
    *both("reminders/levels/<int:level>", agreements.ReminderLevelDetail, "reminder-level"),
    *both("reminders/<uuid:reminder_id>/retry", agreements.ReminderRetry, "reminder-retry"),
    *both("recurring-invoices", agreements.RecurringList, "recurring-list"),
    *both(RECURRING, agreements.RecurringDetail, "recurring-detail"),
    *both(f"{RECURRING}/runs", agreements.RecurringRuns, "recurring-runs"),
    *both("payment-terms", agreements.TermsList, "terms-list"),
    *both("payment-terms/<uuid:terms_id>", agreements.TermsDetail, "terms-detail"),
]
