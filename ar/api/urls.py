"""Addresses of receivables."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ar.api.customers import CustomerDetail, CustomerList
from ar.api.invoice_actions import (
    CreditNoteDetail,
    CreditNoteList,
    CreditNotePdf,
    InvoiceCreditNote,
    InvoiceHistory,
    InvoiceLock,
    InvoicePdf,
    InvoicePost,
    InvoiceUnlock,
)
from ar.api.invoice_lines import InvoiceLineDetail, InvoiceLines
from ar.api.invoices import InvoiceDetail, InvoiceGenerate, InvoiceList, InvoiceSearch
from ar.api.preview import preview_calculate
from ar.api.receivable_urls import urlpatterns as receivable_urls

ONE = "invoices/<uuid:invoice_id>"

urlpatterns: list[URLPattern] = [
    *both("preview/calculate", preview_calculate, "preview-calculate"),
    *both("customers", CustomerList, "customer-list"),
    *both("customers/<uuid:customer_id>", CustomerDetail, "customer-detail"),
    *both("invoices", InvoiceList, "invoice-list"),
    *both("invoices/generate", InvoiceGenerate, "invoice-generate"),
    *both("invoices/search", InvoiceSearch, "invoice-search"),
    *both(ONE, InvoiceDetail, "invoice-detail"),
    *both(f"{ONE}/items", InvoiceLines, "invoice-lines"),
    *both(f"{ONE}/items/<uuid:line_id>", InvoiceLineDetail, "invoice-line"),
    *both(f"{ONE}/post", InvoicePost, "invoice-post"),
    *both(f"{ONE}/lock", InvoiceLock, "invoice-lock"),
    *both(f"{ONE}/unlock", InvoiceUnlock, "invoice-unlock"),
    *both(f"{ONE}/credit-note", InvoiceCreditNote, "invoice-credit-note"),
    *both(f"{ONE}/pdf", InvoicePdf, "invoice-pdf"),
    *both(f"{ONE}/history", InvoiceHistory, "invoice-history"),
    *both("credit-notes", CreditNoteList, "credit-note-list"),
    *both("credit-notes/<uuid:note_id>", CreditNoteDetail, "credit-note-detail"),
    *both("credit-notes/<uuid:note_id>/pdf", CreditNotePdf, "credit-note-pdf"),
    *receivable_urls,
]
