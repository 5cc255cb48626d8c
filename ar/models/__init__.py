"""Customers and what they are billed."""

from ar.models.customers import Customer
from ar.models.imports import ImportJob
from ar.models.invoices import Invoice, InvoiceKind, InvoiceLine
from ar.models.notes import CreditNote, CreditNoteLine
from ar.models.recurring import RecurringInvoice, RecurringRun
from ar.models.relief import PrepaymentUse, WriteOff
from ar.models.reminders import Reminder, ReminderItem, ReminderLevel

__all__ = [
    "CreditNote",
    "CreditNoteLine",
    "Customer",
    "ImportJob",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "PrepaymentUse",
    "RecurringInvoice",
    "RecurringRun",
    "Reminder",
    "ReminderItem",
    "ReminderLevel",
    "WriteOff",
]
