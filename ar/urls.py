"""Addresses of receivables: invoices, credit notes, customers."""

from django.urls import URLPattern, URLResolver, path

from ar.customer_urls import urlpatterns as customer_urls
from ar.import_urls import urlpatterns as import_urls
from ar.views import actions, editor, fragments, invoices, notes

app_name = "ar"
urlpatterns: list[URLPattern | URLResolver] = [
    path("invoices/", invoices.invoice_list, name="invoice-list"),
    path("invoices/new/", editor.invoice_create_page, name="invoice-create"),
    path("invoices/save/", editor.invoice_save, name="invoice-save"),
    path("invoices/preview/", fragments.invoice_preview, name="invoice-preview"),
    path("invoices/draft/", fragments.invoice_draft, name="invoice-draft"),
    path("invoices/find/items/", fragments.item_lookup, name="item-lookup"),
    path("invoices/find/customers/", fragments.customer_lookup, name="customer-lookup"),
    path("invoices/find/rows/", fragments.rows_lookup, name="rows-lookup"),
    path("invoices/<uuid:invoice_id>/", invoices.invoice_detail, name="invoice-detail"),
    path("invoices/<uuid:invoice_id>/edit/", editor.invoice_edit_page, name="invoice-edit"),
    path("invoices/<uuid:invoice_id>/pdf/", invoices.invoice_pdf, name="invoice-pdf"),
    path("invoices/<uuid:invoice_id>/fields/", actions.invoice_fields, name="invoice-fields"),
    path("invoices/<uuid:invoice_id>/post/", actions.invoice_post_action, name="invoice-post"),
    path("invoices/<uuid:invoice_id>/void/", actions.invoice_void_action, name="invoice-void"),
    path("invoices/<uuid:invoice_id>/lock/", actions.invoice_lock_action, name="invoice-lock"),
    path(
        "invoices/<uuid:invoice_id>/unlock/", actions.invoice_unlock_action, name="invoice-unlock"
    ),
    path(
        "invoices/<uuid:invoice_id>/delete/", actions.invoice_delete_action, name="invoice-delete"
    ),
    path("credit-notes/", notes.credit_note_list, name="credit-note-list"),
    path("credit-notes/<uuid:note_id>/", notes.credit_note_detail, name="credit-note-detail"),
    path("credit-notes/<uuid:note_id>/pdf/", notes.credit_note_pdf, name="credit-note-pdf"),
    *customer_urls,
    *import_urls,
]
